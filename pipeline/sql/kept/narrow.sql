-- The tables that decide whether a post counts, cut to the stale posts and the originals of those that are copies, under
-- their own names in the temporary schema, which is looked in first: so the views need not join every post.
create or replace temp table narrow_id as
select post_id from stale_post union select copy_of from copy where post_id in (select post_id from stale_post);

create or replace temp table narrow_post as select * from post where post_id in (select post_id from narrow_id);
create or replace temp table narrow_extraction as select * from extraction where post_id in (select post_id from narrow_id);
create or replace temp table narrow_report as select * from report where post_id in (select post_id from narrow_id);
alter table narrow_post rename to post;
alter table narrow_extraction rename to extraction;
alter table narrow_report rename to report;
