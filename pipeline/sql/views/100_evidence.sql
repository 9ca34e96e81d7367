-- evidence: one row per claim that the tables may count: from the number back to post, words and cue.
-- fact: treatment, dose, outcome or side_effect; value: what was read; cue: the words that decided assertion.
create or replace view evidence as
with claims as (
    select post_id, 'treatment' as fact, substance, status || coalesce('/' || effect, '') as value, null as quote,
        null::integer as span_start, null::integer as span_end from treatment
    union all
    select post_id, 'dose', substance,
        status || coalesce(': ' || format('{:g}-{:g} mg/day', mg_per_day[1], mg_per_day[2]), '') || coalesce(' (' || derivation || ')', ''),
        quote, span_start, span_end from dose
    union all
    select post_id, 'outcome', substance, domain || ' ' || direction, quote, span_start, span_end from outcome
    union all
    select post_id, 'side_effect', substance, concept || case when present then ' present' else ' denied' end, quote,
        span_start, span_end from side_effect
),
cues as (
    select post_id, kind, span_start, span_end, any_value(assertion) as assertion, any_value(cue) as cue, any_value(whose) as whose
    from mention group by all
),
final as (
    select
        c.post_id, p.source_id, p.url, p.posted_at, p.writer_id, r.person_id, r.reporter, c.fact, c.substance, c.value, c.quote,
        c.span_start, c.span_end, cues.assertion, cues.cue, cues.whose,
        r.post_id is not null as counted,
        case when c.span_start is not null
            then substr(p.text, greatest(1, c.span_start - 60), (c.span_end - c.span_start) + 120) end as context
    from claims c
    join counted_post p using (post_id)
    left join person_report r using (post_id)
    left join cues on cues.post_id = c.post_id and cues.kind = c.fact and cues.span_start = c.span_start and cues.span_end = c.span_end
)
select * from final order by post_id, fact, span_start nulls first, substance, value;
