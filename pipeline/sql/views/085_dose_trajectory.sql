-- dose_trajectory: one row per daily dose that a person says they took, in the order of their posts: step 1, 2, 3 …
-- days_since_start: from the start of the course (see course) to the post; mg_per_day: of a range, the upper end.
create or replace view dose_trajectory as
select
    k.person_id, k.substance, k.step, k.posted_at, k.days_since_start, k.mg_per_day_low, k.mg_per_day, k.role, k.post_id,
    k.mg_per_day - lag(k.mg_per_day) over (partition by k.person_id, k.substance order by k.step) as change_mg_per_day
from kept_dose k;
