-- benchmark: one row per published figure x our result of the same measure. low, high: the published range (one number
-- where both are equal); result: ours, with result_low and result_high its interval where it is a share.
-- alarm: the result lies outside the range: first of all a sign of selection (who writes) or of our own error.
-- reading: 'inside', 'outside', or why nothing can be said.
create or replace view benchmark as
with
-- One look at the courses, of the treatments that something is published of.
courses as (
    select
        substance, condition, count(*) as persons, count(*) filter (effect in ('worked', 'partly')) as benefit,
        count(*) filter (effect <> 'unclear') as told, count(*) filter (len(side_effects) > 0) as harmed,
        count(*) filter (stopped_with = 'side effects') as stopped_harmed, count(stopped) as stopped_told,
        median(effective_mg_per_day) as effective, count(effective_mg_per_day) as effective_told,
        count(*) filter (effect_observed and effective_mg_per_day is null) as effective_missing,
        avg(peak_mg_per_day) as peak, count(peak_mg_per_day) as peak_told
    from kept_course where substance in (select substance from published) group by all
),
effects as (
    select substance, concept, count(*) filter (present) as present, count(*) filter (denied and not present) as denied
    from kept_side_effect where condition = 'any' and substance in (select substance from published) group by all
),
counts as (
    select 'success_share' as measure, substance, condition, null as concept, benefit as k, told as n, persons - told as missing from courses
    union all
    select 'side_effect_share', substance, 'any', concept, present, persons, persons - present - denied
    from effects join (from courses where condition = 'any') using (substance)
    union all
    select 'any_side_effect_share', substance, condition, null, harmed, persons, persons - harmed from courses
    union all
    select 'stopped_for_side_effects_share', substance, condition, null, stopped_harmed, persons, persons - stopped_told from courses
),
shares as (
    select measure, substance, condition, concept, k / nullif(n, 0) as result, wilson_low(k, n, study.z) as result_low,
        wilson_high(k, n, study.z) as result_high, k as numerator, n as denominator, missing
    from counts cross join study
    union all
    select 'median_effective_mg_per_day', substance, condition, null, effective, null, null, null, effective_told, effective_missing
    from courses
    union all
    select 'mean_peak_mg_per_day', substance, condition, null, peak, null, null, null, peak_told, persons - peak_told from courses
),
final as (
    select
        p.fact, p.substance, p.condition, p.measure, p.concept, p.low, p.high, s.result, s.result_low, s.result_high,
        s.numerator, s.denominator, s.missing,
        case
            when s.result is null then 'no result'
            when s.denominator < study.minimum_cell then 'too few persons'
            when s.result between p.low and p.high then 'inside'
            when s.result_low <= p.high and s.result_high >= p.low then 'outside, interval reaches in'
            else 'outside'
        end as reading,
        reading like 'outside%' as alarm, p.design, p.n as published_n, p.reference, p.note, p.checked
    from published p
    left join shares s on s.measure = p.measure and s.substance = p.substance and s.condition = p.condition
        and s.concept is not distinct from p.concept
    cross join study
)
select * from final order by not alarm, measure, fact, concept;
