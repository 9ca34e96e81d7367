-- claims: one row per claim of some posts: what was read, in which words.
with claims as (
select post_id, 'treatment' as fact, substance, status || if(effect is null, '', ': ' || effect) as value,
    if(stopped, ', stopped', '') as more, null as quote, null::integer as span_start, null::integer as span_end, effect as word, null as concept
from treatment where list_contains($posts::varchar[], post_id)
union all
select post_id, 'dose', substance, status || coalesce(': ' || format('{:g}', mg_per_day[1])
    || if(mg_per_day[2] <> mg_per_day[1], format(' to {:g}', mg_per_day[2]), '') || ' mg per day', ''),
    coalesce(', ' || role, '') || coalesce(' (' || derivation || ')', ''), quote, span_start, span_end, status, null
from dose where list_contains($posts::varchar[], post_id)
union all
select post_id, 'outcome', substance, domain || ' ' || direction, '', quote, span_start, span_end, direction, domain
from outcome where list_contains($posts::varchar[], post_id)
union all
select post_id, 'side_effect', substance, concept || if(present, '', ' denied'), '', quote, span_start, span_end,
    if(present, 'present', 'denied'), concept
from side_effect where list_contains($posts::varchar[], post_id)
)
select * from claims order by post_id, fact = 'side_effect', fact, span_start nulls first, substance, value;
