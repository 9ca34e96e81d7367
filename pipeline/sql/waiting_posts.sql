-- Posts that the extractor has not read, or not in this text, or not in this version (parameter 1); in a fixed order.
-- title: only where the post opens its thread, since a reply's title is somebody else's words.
select p.post_id, p.text, case when p.parent_id is null then p.title end as title, p.drug, p.condition, p.text_sha256
from post p left join extraction e using (post_id)
where p.status = 'live' and (e.post_id is null or e.text_sha256 <> p.text_sha256 or e.version <> $1)
order by p.post_id
