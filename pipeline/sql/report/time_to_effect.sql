-- Time until a benefit is told of
-- Kaplan-Meier: the share who have told of a benefit by each day since they started; whoever wrote last before that day has
-- left the denominator. It is the day of telling, which is later than the day of the effect.
select substance, day, denominator, events, share, low, high, median_days, persons, missing
from time_to_effect cross join study
where condition = 'any' and day <= 730 and substance in (select substance from study_treatment)
qualify row_number() over (partition by substance, floor(share * 200) order by day) = 1
order by substance <> index_substance, substance, day;
