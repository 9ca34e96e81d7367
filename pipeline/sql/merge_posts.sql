-- Second half of a merge: the posts themselves.
insert or ignore into author
select author_id, any_value(site), min(captured_at)::timestamptz
from changed_post join source using (source_id)
where author_id is not null and (outcome = 'new' or outcome = 'changed' and reread)
group by author_id;

-- An edited post keeps its earlier text; one that is only read otherwise than before was not edited.
insert into post_version
select
    c.post_id, 1 + (select count(*) from post_version v where v.post_id = c.post_id),
    c.old_text, c.old_sha256, c.old_captured_at, c.captured_at::timestamptz
from changed_post c
where c.outcome = 'changed' and c.status = 'live' and not c.reread;

-- A post that came several times at once, in other words each time, keeps those too.
insert into post_version
select
    e.post_id,
    row_number() over (partition by e.post_id order by e.seq)
    + (select count(*) from post_version v where v.post_id = e.post_id),
    e.text, e.text_sha256, e.seen_from, e.replaced_at
from (
    select
        i.post_id, i.text, i.text_sha256, min(i.captured_at::timestamptz) as seen_from,
        any_value(c.captured_at::timestamptz) as replaced_at, min(i.seq) as seq
    from incoming_post i join changed_post c using (post_id)
    where c.outcome in ('new', 'changed') and c.status = 'live' and i.status = 'live' and not c.reread
        and i.text_sha256 <> c.text_sha256 and i.text_sha256 is distinct from c.old_sha256
    group by all
) e;

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

-- A thread's posts lie in the order in which they were read.
insert into post
select
    post_id, source_id, native_id, thread_id, parent_id, author_id, posted_at::timestamptz, edited_at::timestamptz, url,
    title, text, quoted, rating, drug, condition, null, status, captured_at::timestamptz, text_sha256, helpful,
    duration_stated, dose_stated, age_stated, sex_stated, subreddit, extra::json
from changed_post
where outcome = 'new'
order by seq;

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
