-- Side effects by dose
-- A side effect stands in the band of the dose at which it was first told of, of those who say they took a dose of that
-- band; the twelve most told of. missing: had it at a dose that is not known.
with top as (
    select concept, row_number() over (order by persons_present desc, concept) as place
    from side_effect_rate join study on substance = index_substance where persons_present > 0 and concept <> 'any'
),
ranges as (
    select substance, concept, min(low) as published_low, max(high) as published_high
    from published where measure = 'side_effect_share' group by all
)
select
    concept, dose_band, persons_present, denominator, share, d.low, d.high, missing, published_low, published_high
from side_effect_by_dose d join study on substance = index_substance join top using (concept)
left join ranges using (substance, concept)
where place <= 12
order by place, band;
