-- judged: one row per judgement on a claim of the post, as its text stands.
select l.item, l.reviewer, l.verdict, r.correction as reason, l."at"
from review_label l
join post p on p.post_id = l.post_id and p.text_sha256 = l.text_hash
left join review r on r.post_id = l.post_id and r.field = l.field and r.claim = l.claim and r.reviewer = l.reviewer
where l.post_id = $post order by l.item, l."at";
