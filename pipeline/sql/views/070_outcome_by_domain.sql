-- outcome_by_domain: one row per treatment x domain.
-- A person counts once per domain, with what their last post on it says (worst first within a post). denominator: who
-- said anything of the domain; persons: who took the treatment; missing: who took it and did not say.
create or replace view outcome_by_domain as
with takers as (select substance, count(*) as persons from kept_course where condition = 'any' group by substance),
counts as (
    select
        substance, domain, count(*) as denominator,
        count(*) filter (last = 'improved') as improved,
        count(*) filter (last = 'unchanged') as unchanged,
        count(*) filter (last = 'worsened') as worsened,
        count(*) filter (best = 'improved') as ever_improved,
        count(*) filter (contradicted) as contradicted
    from kept_outcome
    where condition = 'any'
    group by substance, domain
),
final as (
    select
        c.substance, t.position is not null as in_study, c.domain, improved, denominator, persons - denominator as missing,
        improved / denominator as share,
        wilson_low(improved, denominator, study.z) as low,
        wilson_high(improved, denominator, study.z) as high,
        unchanged, worsened, persons, ever_improved, contradicted
    from counts c join takers using (substance) left join study_treatment t using (substance) cross join study
)
select * from final order by not in_study, persons desc, substance, denominator desc, domain;
