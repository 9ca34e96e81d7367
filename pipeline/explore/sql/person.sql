-- person: one row per counted report of one person, in order of time.
select post_id, posted_at, source_id, seq from kept_report where person_id = $person order by seq limit $size;
