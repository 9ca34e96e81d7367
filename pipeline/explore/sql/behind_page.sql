-- behind_page: one row per post of one page of the list, newest first, with how many there are in all.
select b.post_id, b.person_id, b.posted_at, b.source_id, p.title, p.text, b.substances
from (select * from behind order by posted_at desc nulls last, post_id limit $size offset $skip) b
join post p using (post_id) order by b.posted_at desc nulls last, b.post_id;
