-- outcome_by_treatment: one row per condition x treatment of the study (and any other that somebody took).
-- persons: who took it; worked … unclear: what they last said of it. benefit is worked or partly; its share is of those
-- who said anything (denominator), with a Wilson interval; missing: who did not say. stopped: of all who took it.
-- difference: this share less that of the study's index treatment in the same condition, with Newcombe's interval.
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
    from kept_course
    group by condition, substance
),
shares as (
    select
        c.*, t.position is not null as in_study, worked + partly as benefit, persons - missing as denominator,
        (worked + partly) / nullif(persons - missing, 0) as share,
        wilson_low(worked + partly, persons - missing, study.z) as low,
        wilson_high(worked + partly, persons - missing, study.z) as high,
        substance = study.index_substance as is_index
    from counts c left join study_treatment t using (substance) cross join study
),
final as (
    select
        s.condition, s.substance, s.in_study, s.persons, s.posts, s.benefit, s.denominator, s.missing, s.share, s.low, s.high,
        s.worked, s.partly, s.no_effect, s.harmful, s.stopped, s.contradicted,
        s.share - i.share as difference,
        difference - sqrt(power(s.share - s.low, 2) + power(i.high - i.share, 2)) as difference_low,
        difference + sqrt(power(s.high - s.share, 2) + power(i.share - i.low, 2)) as difference_high
    from shares s left join shares i on i.condition = s.condition and i.is_index and not s.is_index
)
select * from final order by condition <> 'any', condition, not in_study, persons desc, substance;
