-- flow: one row per stage x reason, in order: how many posts (and persons, where they are known) came so far, and what
-- was left out and why (as STROBE and RECORD ask).
create or replace view flow as
with left_out as (
    select
        left_out, count(*) as posts, count(distinct author_id) + count(*) filter (writer_unknown) as persons,
        count(nobody) as nobody_posts,
        count(distinct if(nobody, author_id, null)) + count(*) filter (nobody and writer_unknown) as nobody_persons
    from counted_post left join (select post_id, true as nobody from report where reporter = 'none') using (post_id)
    group by left_out
),
-- Lines of Reddit's dumps that name no treatment are counted by the reader, not kept.
passed as (
    select coalesce(sum((value->>'seen')::bigint - (value->>'matched')::bigint - (value->>'aside')::bigint), 0)::bigint as n
    from checkpoint where key like 'dump:%'
),
-- One look at the persons for the last three stages.
told as (
    select count(*) as reports, count(*) filter (reporter = 'self') as own, count(*) filter (with_outcome) as with_outcome
    from kept_report group by person_id
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
    select 5, 'left out', 'nobody''s experience is reported', coalesce(sum(nobody_posts), 0)::bigint, coalesce(sum(nobody_persons), 0)::bigint
    from left_out where left_out is null
    union all
    select 6, 'with a report of an experience', '', coalesce(sum(reports), 0)::bigint, count(*) from told
    union all
    select 7, 'with a first-person report', '', coalesce(sum(own), 0)::bigint, count(*) filter (own > 0) from told
    union all
    select 8, 'with an outcome', '', coalesce(sum(with_outcome), 0)::bigint, count(*) filter (with_outcome > 0) from told
)
select * from final order by position, posts desc, reason;
