-- time_on_treatment: one row per treatment x condition x day: who are still taking it (Kaplan-Meier, see survival).
-- share: still on it; low, high: its interval; median_days: the first day on which half have stopped.
create or replace view time_on_treatment as
select substance, condition, day, denominator, events, censored, survival as share, 1 - high as low, 1 - low as high,
    median_days, persons, missing
from survival where measure = 'stopping' order by condition <> 'any', condition, substance, day;
