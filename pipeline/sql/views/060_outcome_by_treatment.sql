-- outcome_by_treatment: one row per condition x treatment of the study (and any other that somebody took).
-- persons: who took it; worked … unclear: what they last said of it. benefit is worked or partly; its share is of those
-- who said anything (denominator), with a Wilson interval; missing: who did not say. stopped: of all who took it.
create or replace view outcome_by_treatment as
with counts as (
    select
        condition, substance,
        count(*) as persons,
        count(*) filter (effect = 'worked') as worked,
        count(*) filter (effect = 'partly') as partly,
        count(*) filter (effect = 'no_effect') as no_effect,
        count(*) filter (effect = 'harmful') as harmful,
        count(*) filter (effect = 'unclear') as missing,
        count(*) filter (stopped) as stopped,
        count(*) filter (contradicted) as contradicted,
        sum(posts)::bigint as posts
    from person_treatment
    group by condition, substance
),
final as (
    select
        c.condition, c.substance, t.position is not null as in_study, persons, posts,
        worked + partly as benefit, persons - missing as denominator, missing,
        (worked + partly) / nullif(persons - missing, 0) as share,
        wilson_low(worked + partly, persons - missing, study.z) as low,
        wilson_high(worked + partly, persons - missing, study.z) as high,
        worked, partly, no_effect, harmful, stopped, contradicted
    from counts c left join study_treatment t using (substance) cross join study
)
select * from final order by condition <> 'any', condition, not in_study, persons desc, substance;
