-- raw_share: one row per share that can be corrected for the extractor's errors: measure x treatment x condition x side
-- effect ('' where the measure has none). 'improved': of who say how it did; 'stopped' and 'side_effect': of all takers.
create or replace view raw_share as
with counts as (
    select 'improved' as measure, substance, condition, '' as concept,
        count(*) filter (effect in ('worked', 'partly')) as numerator, count(*) filter (effect <> 'unclear') as denominator,
        count(*) filter (effect = 'unclear') as missing
    from kept_course group by substance, condition
    union all
    select 'stopped', substance, condition, '', count(*) filter (stopped), count(*), count(*) filter (stopped is null)
    from kept_course group by substance, condition
    union all
    select 'side_effect', substance, 'any', concept, persons_present, denominator, not_said from side_effect_rate
)
select measure, substance, condition, concept, numerator, denominator, missing, numerator / denominator as share,
    wilson_low(numerator, denominator, study.z) as low, wilson_high(numerator, denominator, study.z) as high
from counts cross join study where denominator > 0;
