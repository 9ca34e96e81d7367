-- counted_post: one row per post that may enter a table. left_out: why it may not, null if it may.
-- The invented sample counts only as long as the corpus holds nothing else. Of a post and its copies the first counts, as
-- long as it counts itself; a post that quotes another has words of its own and counts.
create or replace view counted_post as
with real as (select count(*) > 0 as there from source where not invented),
copies as (
    select k.post_id, k.kind, os.invented as original_invented
    from copy k
    join post o on o.post_id = k.copy_of join source os on os.source_id = o.source_id
    left join extraction oe on oe.post_id = k.copy_of
    where k.kind <> 'quote' and o.status = 'live' and oe.excluded is null
)
select
    p.*,
    coalesce(p.author_id, 'post:' || p.post_id) as writer_id,
    p.author_id is null as writer_unknown,
    case
        when s.invented and real.there then 'invented sample'
        when p.status <> 'live' then p.status || ' at its source'
        when e.excluded is not null then e.excluded
        when k.original_invented = s.invented then 'copy of an earlier post'
        when e.post_id is null then 'not read yet'
    end as left_out
from post p
join source s using (source_id)
left join extraction e using (post_id)
left join copies k using (post_id)
cross join real;
