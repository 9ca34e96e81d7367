-- dose: one row per dose band x domain of one treatment ('effect': the effect as a whole). Band of the highest dose taken.
with bands as (
    select band, dose_band, count(*) as persons from selected where substance = $substance and dose_band is not null group by all
),
said as (
    select s.band, p.domain, count(*) as denominator, count(*) filter (p.improved) as improved
    from selected s join person_said p using (person_id, substance, condition)
    where s.substance = $substance and s.dose_band is not null group by all
)
select
    said.domain, dose_band, persons, improved, denominator, persons - denominator as missing, improved / denominator as share,
    wilson_low(improved, denominator, study.z) as low, wilson_high(improved, denominator, study.z) as high
from bands join said using (band) cross join study
order by said.domain <> 'effect', sum(denominator) over (partition by said.domain) desc, said.domain, band;
