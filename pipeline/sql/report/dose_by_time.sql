-- Dose in the course of time
-- What dose people say they were at, by days since they started: median and quartiles, mg per day. A person counts once in
-- each window.
select
    substance, case when to_day is null then 'from day ' || from_day else 'day ' || from_day || ' to ' || (to_day - 1) end as days,
    denominator, missing, lower_quartile, median_mg_per_day, upper_quartile, highest
from dose_by_time join study on substance = index_substance
order by from_day;
