-- outcome_by_domain: one row per treatment x domain.
-- A person counts once per domain, with what their last post on it says (worst first within a post). denominator: who
-- said anything of the domain; persons: who took the treatment; missing: who took it and did not say.
create or replace view outcome_by_domain as
with said as (
    select
        p.person_id, o.substance, o.domain,
        max_by(o.direction, (coalesce(p.posted_at, '1900-01-01'::timestamptz), p.post_id,
            case o.direction when 'worsened' then 3 when 'unchanged' then 2 else 1 end)) as direction
    from person_report p join outcome o using (post_id)
    group by p.person_id, o.substance, o.domain
),
takers as (select substance, count(*) as persons from person_treatment where condition = 'any' group by substance),
counts as (
    select
        substance, domain, count(*) as denominator,
        count(*) filter (direction = 'improved') as improved,
        count(*) filter (direction = 'unchanged') as unchanged,
        count(*) filter (direction = 'worsened') as worsened
    from said
    group by substance, domain
),
final as (
    select
        c.substance, t.position is not null as in_study, c.domain, improved, denominator, persons - denominator as missing,
        improved / denominator as share,
        wilson_low(improved, denominator, study.z) as low,
        wilson_high(improved, denominator, study.z) as high,
        unchanged, worsened, persons
    from counts c join takers using (substance) left join study_treatment t using (substance) cross join study
)
select * from final order by not in_study, persons desc, substance, denominator desc, domain;
