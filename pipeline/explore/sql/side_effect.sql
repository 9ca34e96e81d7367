-- side_effect: one row per side effect of one treatment. denominator: all who took it, so silence is no report.
with takers as (select count(*) as persons from selected where substance = $substance),
counts as (
    select e.concept, count(*) filter (e.present) as present, count(*) filter (not e.present) as denied
    from selected s join kept_side_effect e using (person_id, substance, condition)
    where s.substance = $substance group by e.concept
)
select
    concept, present, persons as denominator, present / persons as share, wilson_low(present, persons, study.z) as low,
    wilson_high(present, persons, study.z) as high, denied, persons - present - denied as missing
from counts cross join takers cross join study order by present desc, concept;
