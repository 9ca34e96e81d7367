-- Last part of a merge: new posts.
insert or ignore into author
select author_id, any_value(site), min(captured_at)::timestamptz
from changed_post join source using (source_id)
where author_id is not null and (outcome = 'new' or outcome = 'changed' and reread)
group by author_id;

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

-- A thread's posts lie in the order in which they were read.
insert into post
select
    post_id, source_id, native_id, thread_id, parent_id, author_id, posted_at::timestamptz, edited_at::timestamptz, url,
    title, text, quoted, rating, drug, condition, null, status, captured_at::timestamptz, text_sha256, helpful,
    duration_stated, dose_stated, age_stated, sex_stated, subreddit, extra::json
from changed_post
where outcome = 'new'
order by seq;
