-- survival: one row per measure x treatment x condition x day on which an event was told or a person was last seen.
-- measure: 'effect' (the event is the first report of a benefit) or 'stopping' (the event is the report of stopping).
-- Kaplan & Meier 1958 in whole days since the start of the course (see course); interval by Greenwood's variance on the
-- log-log scale (Kalbfleisch & Prentice 1980). denominator: persons at risk; missing: persons whose time is not known.
-- survival: who have not had the event yet; share: who have, 1 - survival.
create or replace view survival as
with times as (
    select 'effect' as measure, substance, condition, round(days_to_effect)::bigint as day, effect_observed as observed from kept_course
    union all
    select 'stopping', substance, condition, round(days_on_treatment)::bigint, stop_observed from kept_course
),
counted as (
    select measure, substance, condition, day, count(*) as persons, count(*) filter (observed) as events from times group by all
),
missing as (
    select measure, substance, condition, sum(persons)::bigint as persons,
        coalesce(sum(persons) filter (day is null), 0)::bigint as missing,
        coalesce(sum(events) filter (day is not null), 0)::bigint as all_events
    from counted group by all
),
days as (
    select measure, substance, condition, day, events, persons - events as censored from counted where day is not null
),
risk as (
    select *,
        sum(events + censored) over (partition by measure, substance, condition order by day desc)::bigint as denominator
    from days
),
curve as (
    select *,
        if(min(denominator - events) over sofar = 0, 0, exp(sum(ln(greatest(denominator - events, 1) / denominator)) over sofar)) as survival,
        sum(case when denominator > events then events / denominator / (denominator - events) end) over sofar as greenwood
    from risk
    window sofar as (partition by measure, substance, condition order by day)
),
bounds as (
    select *, case when survival > 0 and survival < 1 then study.z * sqrt(greenwood) / ln(survival) end as width,
        min(day) filter (survival <= 0.5) over (partition by measure, substance, condition) as median_days
    from curve cross join study
)
select
    measure, b.substance, b.condition, day, denominator, events, censored, survival, 1 - survival as share,
    case when survival = 1 then 0.0 when survival = 0 then 1.0 else 1 - power(survival, exp(width)) end as low,
    case when survival = 1 then 0.0 when survival = 0 then 1.0 else 1 - power(survival, exp(-width)) end as high,
    median_days, persons, missing, all_events
from bounds b join missing using (measure, substance, condition);
