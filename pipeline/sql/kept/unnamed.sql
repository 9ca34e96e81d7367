-- Posts that count now and are not kept, or are kept and do not count as they are.
insert into stale_post
select coalesce(k.post_id, r.post_id)
from kept_report k full join person_report r on k.post_id = r.post_id and k.person_id = r.person_id
where k.post_id is null or r.post_id is null;
