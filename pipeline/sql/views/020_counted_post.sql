-- counted_post: one row per post that may enter a table. left_out: why it may not, null if it may.
-- The invented sample counts only as long as the corpus holds nothing else.
create or replace view counted_post as
with real as (select count(*) > 0 as there from source where not invented)
select
    p.*,
    coalesce(p.author_id, 'post:' || p.post_id) as writer_id,
    p.author_id is null as writer_unknown,
    case
        when s.invented and real.there then 'invented sample'
        when p.status <> 'live' then p.status || ' at its source'
        when e.excluded is not null then e.excluded
        when e.post_id is null then 'not read yet'
    end as left_out
from post p join source s using (source_id) left join extraction e using (post_id) cross join real;
