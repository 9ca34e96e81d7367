-- time_to_effect: one row per treatment x condition x day: who report a benefit by that day since they started
-- (Kaplan-Meier, see survival). median_days: the first day by which half do; null where fewer ever do.
-- A benefit that was told of in the first report with no word of how long it took has no time: it is in missing.
create or replace view time_to_effect as
select substance, condition, day, denominator, events, censored, share, low, high, median_days, persons, missing
from survival where measure = 'effect' order by condition <> 'any', condition, substance, day;
