-- evidence: one row per claim that the tables may count: from the number back to post, words and cue.
-- fact: treatment, dose, outcome or side_effect; value: what was read; cue: the words that decided assertion; detail: how
-- severe a side effect was and how it went. The words of a treatment are those that first name it in the post.
create or replace view evidence as
with named as (
    select post_id, concept as substance, arg_min(quote, span_start) as quote, min(span_start) as span_start,
        arg_min(span_end, span_start) as span_end
    from mention where kind = 'substance' group by all
),
claims as (
    select post_id, 'treatment' as fact, substance,
        status || coalesce('/' || effect, '') || case when stopped then ', stopped' else '' end as value,
        n.quote, n.span_start, n.span_end, null as detail
    from treatment left join named n using (post_id, substance)
    union all
    select post_id, 'dose', substance,
        status || coalesce(': ' || format('{:g}-{:g} mg/day', mg_per_day[1], mg_per_day[2]), '') || coalesce(' (' || derivation || ')', ''),
        quote, span_start, span_end, null from dose
    union all
    select post_id, 'outcome', substance, domain || ' ' || direction, quote, span_start, span_end, detail from outcome
    union all
    select post_id, 'side_effect', substance, concept || case when present then ' present' else ' denied' end, quote,
        span_start, span_end, detail from side_effect
),
cues as (
    select post_id, if(kind = 'substance', 'treatment', kind) as fact, span_start, span_end,
        any_value(assertion) as assertion, any_value(cue) as cue, any_value(whose) as whose
    from mention group by all
),
final as (
    select
        c.post_id, p.source_id, p.url, p.posted_at, p.writer_id, r.person_id, r.reporter, c.fact, c.substance, c.value, c.quote,
        c.span_start, c.span_end, cues.assertion, cues.cue, cues.whose, c.detail,
        r.post_id is not null as counted,
        case when c.span_start is not null
            then substr(p.text, greatest(1, c.span_start - 60), (c.span_end - c.span_start) + 120) end as context
    from claims c
    join counted_post p using (post_id)
    left join person_report r using (post_id)
    left join cues on cues.post_id = c.post_id and cues.fact = c.fact and cues.span_start = c.span_start and cues.span_end = c.span_end
)
select * from final order by post_id, fact, span_start nulls first, substance, value;
