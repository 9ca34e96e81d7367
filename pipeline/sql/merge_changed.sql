-- Second part of a merge, where posts are others than they were: to a corpus of many millions it is much to look through.
-- An edited post keeps its earlier text; one that is only read otherwise than before was not edited.
insert into post_version
select
    c.post_id, 1 + (select count(*) from post_version v where v.post_id = c.post_id),
    c.old_text, c.old_sha256, c.old_captured_at, c.captured_at::timestamptz
from changed_post c
where c.outcome = 'changed' and c.status = 'live' and not c.reread;

-- What its source deleted, we delete: words, versions and all that was read from it. What is left of it elsewhere (pages of
-- the archive, quotes by others) goes right after the merge (pipeline/forget.py), by what is noted here.
insert into gone_post
select post_id, old_text from changed_post where outcome = 'changed' and status <> 'live'
union all
select v.post_id, v.text from post_version v join changed_post c using (post_id) where c.outcome = 'changed' and c.status <> 'live';
delete from post_version where post_id in (select post_id from changed_post where outcome = 'changed' and status <> 'live');
delete from copy where post_id in (select post_id from changed_post where outcome = 'changed' and status <> 'live');
delete from mention where post_id in (select post_id from changed_post where outcome = 'changed' and status <> 'live');
delete from dose where post_id in (select post_id from changed_post where outcome = 'changed' and status <> 'live');
delete from outcome where post_id in (select post_id from changed_post where outcome = 'changed' and status <> 'live');
delete from side_effect where post_id in (select post_id from changed_post where outcome = 'changed' and status <> 'live');
delete from treatment where post_id in (select post_id from changed_post where outcome = 'changed' and status <> 'live');
delete from report where post_id in (select post_id from changed_post where outcome = 'changed' and status <> 'live');
delete from extraction where post_id in (select post_id from changed_post where outcome = 'changed' and status <> 'live');

update post set
    text = c.text, text_sha256 = c.text_sha256, status = c.status, quoted = c.quoted,
    title = coalesce(c.title, post.title), edited_at = coalesce(c.edited_at::timestamptz, post.edited_at),
    rating = coalesce(c.rating, post.rating), captured_at = c.captured_at::timestamptz
from changed_post c
where c.post_id = post.post_id and c.outcome = 'changed';

update post set
    author_id = null, title = null, text = '', quoted = [], rating = null, helpful = null, duration_stated = null,
    dose_stated = null, age_stated = null, sex_stated = null, extra = '{}'
from changed_post c
where c.post_id = post.post_id and c.outcome = 'changed' and c.status <> 'live';

update post set
    author_id = c.author_id, posted_at = c.posted_at::timestamptz, edited_at = c.edited_at::timestamptz, url = c.url,
    title = c.title, thread_id = c.thread_id, parent_id = c.parent_id, rating = c.rating, drug = c.drug,
    condition = c.condition
from changed_post c
where c.post_id = post.post_id and c.outcome = 'changed' and c.reread and c.status = 'live';

-- What is kept of a changed post's writer is worked out again at the end of the write (pipeline/derive.py).
insert into stale_post select post_id from changed_post where outcome = 'changed';
