-- flow: one row per stage x reason, in order: how many posts (and persons, where they are known) came so far, and what
-- was left out and why (as STROBE and RECORD ask).
create or replace view flow as
with left_out as (select left_out, count(*) as posts, count(distinct author_id) + count(*) filter (writer_unknown) as persons
    from counted_post group by left_out),
-- Lines of Reddit's dumps that name no treatment are counted by the reader, not kept.
passed as (
    select coalesce(sum((value->>'seen')::bigint - (value->>'matched')::bigint - (value->>'aside')::bigint), 0)::bigint as n
    from checkpoint where key like 'dump:%'
),
aside as (select reason, count(*) as n from exclusion where reason not like '%kept%' group by reason),
final as (
    select 1 as position, 'seen' as stage, '' as reason,
        (select coalesce(sum(posts), 0)::bigint from left_out) + (select coalesce(sum(n), 0)::bigint from aside) + passed.n as posts,
        null::bigint as persons
    from passed
    union all
    select 2, 'passed over', 'names none of the study''s treatments', n, null from passed where n > 0
    union all
    select 2, 'set aside', reason, n, null from aside
    union all
    select 3, 'left out', left_out, posts, persons from left_out where left_out is not null
    union all
    select 4, 'kept', '', coalesce(sum(posts), 0)::bigint, coalesce(sum(persons), 0)::bigint from left_out where left_out is null
    union all
    select 5, 'left out', 'nobody''s experience is reported', count(*), count(distinct c.writer_id)
    from counted_post c join report r using (post_id) where c.left_out is null and r.reporter = 'none'
    union all
    select 6, 'with a report of an experience', '', count(*), count(*) filter (seq = 1) from kept_report
    union all
    select 7, 'with a first-person report', '', count(*), count(distinct person_id) from kept_report where reporter = 'self'
    union all
    select 8, 'with an outcome', '', count(*), count(distinct person_id) from kept_report where with_outcome
)
select * from final order by position, posts desc, reason;
