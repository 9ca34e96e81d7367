-- person_doses: one row per daily dose that one person took, in the order they told of it; mg per day.
select substance, post_id, posted_at, mg_per_day from kept_dose where person_id = $person order by substance, step;
