-- person_treatment: one row per person x treatment taken x condition ('any' holds all conditions together).
-- A person with several posts counts once: the effect is that of the last post that states one (by time, then id);
-- contradicted says that an earlier post stated another. stopped: as last stated. posts: in how many it is told.
create or replace view person_treatment as
with told as (
    select p.person_id, p.post_id, p.posted_at, p.source_id, t.substance, t.effect, t.stopped, t.duration_days, p.conditions
    from person_report p join treatment t using (post_id)
    where t.status = 'taken'
),
by_condition as (
    select *, 'any' as condition from told
    union all
    select *, unnest(conditions) as condition from told
)
select
    person_id, substance, condition,
    coalesce(
        max_by(effect, (coalesce(posted_at, '1900-01-01'::timestamptz), post_id)) filter (effect <> 'unclear'), 'unclear'
    ) as effect,
    count(distinct effect) filter (effect <> 'unclear') > 1 as contradicted,
    max_by(stopped, (coalesce(posted_at, '1900-01-01'::timestamptz), post_id)) filter (stopped is not null) as stopped,
    max(duration_days[2]) as longest_days,
    count(*) as posts
from by_condition
group by person_id, substance, condition;
