-- A post's language is what the extractor found it to be.
update post set language = e.language
from extraction e
where e.post_id = post.post_id and post.post_id in (select post_id from read_posts);

-- What is kept of their writers is worked out again at the end of the write (pipeline/derive.py).
insert into stale_post select post_id from read_posts;
