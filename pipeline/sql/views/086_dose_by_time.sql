-- dose_by_time: one row per treatment x window of days since the start: what dose people say they were at.
-- A person counts once a window, with the last dose they state in it. denominator: who state one; missing: who took the
-- treatment and state none in it.
create or replace view dose_by_time as
with windows as (
    select unnest([0, 7, 14, 30, 60, 90, 180, 365, 730]) as from_day, unnest([7, 14, 30, 60, 90, 180, 365, 730, null]) as to_day
),
takers as (select substance, count(*) as persons from kept_course where condition = 'any' group by substance),
last_in as (
    select substance, person_id, from_day, to_day, arg_max(mg_per_day, step) as mg_per_day
    from kept_dose join windows on days_since_start >= from_day and (to_day is null or days_since_start < to_day)
    group by all
)
select
    substance, from_day, to_day, count(*) as denominator, any_value(persons) - count(*) as missing,
    quantile_cont(mg_per_day, 0.25) as lower_quartile, median(mg_per_day) as median_mg_per_day,
    quantile_cont(mg_per_day, 0.75) as upper_quartile, max(mg_per_day) as highest
from last_in join takers using (substance)
group by substance, from_day, to_day
order by substance, from_day;
