-- dose_by_time: one row per treatment x window of days since the start: what dose people say they were at.
-- A person counts once a window, with the last dose they state in it. denominator: who state one; missing: who took the
-- treatment and state none in it.
create or replace view dose_by_time as
with windows(from_day, to_day) as (
    values (0, 7), (7, 14), (14, 30), (30, 60), (60, 90), (90, 180), (180, 365), (365, 730), (730, null)
),
takers as (select substance, count(*) as persons from kept_course where condition = 'any' group by substance),
-- The windows once more, as a case: a join by ranges takes twice as long.
last_in as (
    select
        substance, person_id, arg_max(mg_per_day, step) as mg_per_day,
        case when days_since_start < 7 then 0 when days_since_start < 14 then 7 when days_since_start < 30 then 14
            when days_since_start < 60 then 30 when days_since_start < 90 then 60 when days_since_start < 180 then 90
            when days_since_start < 365 then 180 when days_since_start < 730 then 365 else 730 end as from_day
    from kept_dose where days_since_start >= 0
    group by all
),
counted as (
    select substance, from_day, count(*) as denominator, max(mg_per_day) as highest,
        quantile_cont(mg_per_day, [0.25, 0.5, 0.75]) as quartiles
    from last_in group by all
)
select
    substance, from_day, to_day, denominator, persons - denominator as missing, quartiles[1] as lower_quartile,
    quartiles[2] as median_mg_per_day, quartiles[3] as upper_quartile, highest
from counted join windows using (from_day) join takers using (substance)
order by substance, from_day;
