-- behind: one row per post that stands behind a bar: of the persons in it, each report that speaks of what was asked.
create or replace temp table behind as
with persons as (
    select s.person_id, s.substance
    from selected s
    left join kept_outcome o
        on o.person_id = s.person_id and o.substance = s.substance and o.condition = s.condition and o.domain = $domain
    left join kept_side_effect e
        on e.person_id = s.person_id and e.substance = s.substance and e.condition = s.condition and e.concept = $concept
    where case coalesce($effect, 'all')
            when 'all' then true when 'benefit' then s.effect in ('worked', 'partly')
            when 'said' then s.effect <> 'unclear' else s.effect = $effect end
        and case when $domain::varchar is null then true when $direction = 'not_said' then o.last is null
            else o.last is not null and ($direction::varchar is null or o.last = $direction) end
        and case when $concept::varchar is null then true when $presence = 'denied' then not e.present
            when $presence = 'not_said' then e.present is null else e.present end
),
reports as (
    select r.post_id, r.person_id, p.substance, r.posted_at, r.source_id
    from persons p join kept_report r using (person_id)
    where $condition = 'any' or len(r.conditions) = 0 or list_contains(r.conditions, $condition)
),
silent as (select coalesce($direction = 'not_said', false) or coalesce($presence = 'not_said', false) as yes),
speaking as (
    select post_id, substance from outcome
    where ($domain::varchar is not null and domain = $domain) or ($domain::varchar is null and $concept::varchar is null)
    union
    select post_id, substance from side_effect
    where ($concept::varchar is not null and concept = $concept) or ($domain::varchar is null and $concept::varchar is null)
    union
    select post_id, substance from treatment
    where status = 'taken' and (($domain::varchar is null and $concept::varchar is null) or (select yes from silent))
    union
    select post_id, substance from dose
    where status = 'taken' and $domain::varchar is null and $concept::varchar is null and $effect::varchar is null
)
select r.post_id, r.person_id, any_value(r.posted_at) as posted_at, any_value(r.source_id) as source_id,
    list(distinct r.substance order by r.substance) as substances
from reports r semi join speaking s on s.post_id = r.post_id and s.substance = r.substance
group by r.post_id, r.person_id;
