-- everybody: as `behind`, where neither a treatment nor a bar is asked for: every report of the persons selected.
create or replace temp table behind as
select r.post_id, r.person_id, r.posted_at, r.source_id, null::varchar[] as substances
from kept_report r semi join selected s on s.person_id = r.person_id
where $condition = 'any' or len(r.conditions) = 0 or list_contains(r.conditions, $condition);
