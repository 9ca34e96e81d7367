-- benchmark: one row per published figure x our result of the same measure. low, high: the published range (one number
-- where both are equal); result: ours, with result_low and result_high its interval where it is a share.
-- alarm: the result lies outside the range: first of all a sign of selection (who writes) or of our own error.
-- reading: 'inside', 'outside', or why nothing can be said.
create or replace view benchmark as
with shares as (
    select 'success_share' as measure, substance, condition, null as concept, share as result, low as result_low,
        high as result_high, benefit as numerator, denominator, missing
    from outcome_by_treatment
    union all
    select 'side_effect_share', substance, 'any', concept, share, low, high, persons_present, denominator, not_said from side_effect_rate
    union all
    select 'any_side_effect_share', c.substance, c.condition, null, k / n, wilson_low(k, n, study.z), wilson_high(k, n, study.z), k, n, n - k
    from (select substance, condition, count(*) as n, count(*) filter (len(side_effects) > 0) as k from kept_course group by all) c
    cross join study
    union all
    select 'stopped_for_side_effects_share', c.substance, c.condition, null, k / n, wilson_low(k, n, study.z),
        wilson_high(k, n, study.z), k, n, m
    from (
        select substance, condition, count(*) as n, count(*) filter (stopped_with = 'side effects') as k,
            count(*) filter (stopped is null) as m
        from kept_course group by all
    ) c cross join study
    union all
    select 'median_effective_mg_per_day', substance, condition, null, median(effective_mg_per_day), null, null, null,
        count(effective_mg_per_day), count(*) filter (effect_observed and effective_mg_per_day is null)
    from kept_course group by all
    union all
    select 'mean_peak_mg_per_day', substance, condition, null, avg(peak_mg_per_day), null, null, null, count(peak_mg_per_day),
        count(*) filter (peak_mg_per_day is null)
    from kept_course group by all
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
