-- What people say of each treatment
-- A person counts once, with what they said last. Benefit: it worked, wholly or in part; of those who say how it did
-- (denominator). The bar is the interval. Where it is wide, few have written. missing: took it and do not say.
select
    substance, persons, benefit, denominator, share, low, high, missing, worked, partly, no_effect, harmful,
    no_effect + harmful as no_benefit, (no_effect + harmful) / nullif(denominator, 0) as no_benefit_share,
    wilson_low(no_effect + harmful, denominator, z) as no_benefit_low,
    wilson_high(no_effect + harmful, denominator, z) as no_benefit_high, contradicted
from outcome_by_treatment cross join study
where condition = 'any' and in_study and persons > 0
order by substance <> index_substance, denominator desc, substance;
