-- side_effect_rate: one row per treatment x side effect.
-- persons_present: who say they had it; denominator: everybody who took the treatment, so that silence counts as no
-- report, not as absence; denied: who say they did not have it, and never that they did.
create or replace view side_effect_rate as
with takers as (select substance, count(*) as persons from kept_course where condition = 'any' group by substance),
counts as (
    select
        substance, concept, count(*) filter (present) as present, count(*) filter (not present) as denied,
        count(*) filter (present and denied) as contradicted, median(mg_per_day) filter (present) as median_mg_per_day
    from kept_side_effect where condition = 'any' group by substance, concept
),
final as (
    select
        c.substance, t.position is not null as in_study, c.concept, present as persons_present, persons as denominator,
        present / persons as share,
        wilson_low(present, persons, study.z) as low, wilson_high(present, persons, study.z) as high,
        denied, persons - present - denied as not_said, contradicted, median_mg_per_day
    from counts c join takers using (substance) left join study_treatment t using (substance) cross join study
)
select * from final order by not in_study, denominator desc, substance, persons_present desc, concept;
