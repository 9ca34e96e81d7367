-- First part of a merge: what comes with the posts, and what each incoming post is to the corpus.
insert into thread
select thread_id, source_id, native_id, title, url, started_at::timestamptz, last_post_at::timestamptz
from incoming_thread
qualify row_number() over (partition by thread_id order by last_post_at desc nulls last) = 1
on conflict (thread_id) do update set
    title = coalesce(excluded.title, title),
    url = coalesce(excluded.url, url),
    started_at = coalesce(excluded.started_at, started_at),
    last_post_at = coalesce(excluded.last_post_at, last_post_at);

insert or replace into exclusion
select source_id, what, stage, reason, detail, seen_at::timestamptz
from incoming_exclusion
qualify row_number() over (partition by source_id, what, stage, reason order by seen_at desc) = 1;

insert or ignore into capture
select distinct on (sha256, url, fetched_at) sha256, source_id, url, status, fetched_at::timestamptz, content_type, warc, warc_offset
from incoming_capture;

delete from checkpoint
where (source_id, key) in (select (source_id, key) from incoming_checkpoint where value is null);

insert or replace into checkpoint
select source_id, key, value
from (select *, row_number() over () as seq from incoming_checkpoint)
where value is not null
qualify row_number() over (partition by source_id, key order by seq desc) = 1;

-- changed_post: one row per incoming post, the last word on each; outcome: new, changed, same or erased.
create or replace temp table changed_post as
with last_word as (
    select * from incoming_post
    qualify row_number() over (
        partition by post_id order by case when dated then captured_at::timestamptz end desc nulls first, seq desc
    ) = 1
)
select
    i.*,
    case
        when i.post_hash in (select post_hash from tombstone)
            or sha256('native:' || i.native_id) in (select post_hash from tombstone)  -- Reddit's ids, from any dump
            or sha256('author:' || i.author_id) in (select post_hash from tombstone)  -- who asked to be forgotten
            then 'erased'
        when p.post_id is null then 'new'
        when p.status <> 'live' then 'same'          -- what was deleted is never restored
        when i.dated and i.captured_at::timestamptz < p.captured_at then 'same'  -- a page saved before what we hold
        when i.status <> 'live' or i.text_sha256 <> p.text_sha256 then 'changed'
        when i.reread and (
            p.author_id, p.posted_at, p.edited_at, p.url, p.title, p.quoted, p.thread_id, p.parent_id, p.rating, p.drug,
            p.condition
        ) is distinct from (
            i.author_id, i.posted_at::timestamptz, i.edited_at::timestamptz, i.url, i.title, i.quoted, i.thread_id,
            i.parent_id, i.rating, i.drug, i.condition
        ) then 'changed'
        else 'same'
    end as outcome,
    p.text as old_text, p.text_sha256 as old_sha256, p.captured_at as old_captured_at, p.status as old_status
from last_word i left join post p using (post_id);
