-- domain: one row per domain of one treatment: what its persons last said of it.
with takers as (select count(*) as persons from selected where substance = $substance),
counts as (
    select o.domain, count(*) as denominator, count(*) filter (o.last = 'improved') as improved,
        count(*) filter (o.last = 'unchanged') as unchanged, count(*) filter (o.last = 'worsened') as worsened
    from selected s join kept_outcome o using (person_id, substance, condition)
    where s.substance = $substance group by o.domain
)
select
    domain, persons, improved, denominator, persons - denominator as missing, improved / denominator as share,
    wilson_low(improved, denominator, study.z) as low, wilson_high(improved, denominator, study.z) as high, unchanged, worsened
from counts cross join takers cross join study order by denominator desc, domain;
