-- Side effects told of
-- Of all who took the treatment studied; who says nothing of it did not report it, which is not the same as not having had
-- it. The grey bands are what trials and labels found, where the study's file of publications has it.
with ranges as (
    select substance, concept, min(low) as published_low, max(high) as published_high
    from published where measure = 'side_effect_share' group by all
)
select
    substance, concept, persons_present, denominator, share, s.low, s.high, denied, median_mg_per_day, published_low, published_high
from side_effect_rate s join study on substance = index_substance
left join ranges using (substance, concept)
where persons_present > 0 and concept <> 'any'
order by persons_present desc, concept
limit 25;
