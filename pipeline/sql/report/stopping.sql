-- Who stopped, and what they say with it
-- Of all who took it. Who does not say that they stopped may have stopped all the same.
select
    substance, count(*) as persons, count(*) filter (stopped) as stopped,
    count(*) filter (stopped) / count(*) as share, wilson_low(count(*) filter (stopped), count(*), any_value(z)) as low,
    wilson_high(count(*) filter (stopped), count(*), any_value(z)) as high,
    count(*) filter (stopped_with = 'side effects') as with_side_effects,
    count(*) filter (stopped_with in ('no_effect', 'harmful')) as without_benefit,
    count(*) filter (stopped_with = 'benefit') as with_benefit, count(*) filter (stopped_with = 'not said') as no_reason,
    count(*) filter (len(side_effects) > 0) as any_side_effect
from course cross join study
where condition = 'any' and substance in (select substance from study_treatment)
group by substance
order by substance <> any_value(index_substance), persons desc, substance;
