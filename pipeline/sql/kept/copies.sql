-- Posts that may come to count, or count no more, for what became of another: those whose line in `copy` is another than
-- when they were last worked out, and the copies of stale posts.
insert into stale_post
with held as (select post_id, copy_of, kind from kept_copy), now as (select post_id, copy_of, kind from copy)
select post_id from (from now except from held)
union
select post_id from (from held except from now)
union
select post_id from copy where copy_of in (select post_id from stale_post);
