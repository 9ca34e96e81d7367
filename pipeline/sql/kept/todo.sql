-- The reports to be worked out: all (parameter `full`), else those of the persons who wrote a stale post, now or before.
-- todo_new: the stale posts that count, as they are now. The other reports of these persons come from what is kept, so
-- that only the stale ones are looked up.
create or replace temp table todo_person as
select distinct person_id from kept_report where post_id in (select post_id from stale_post)
union
select distinct person_id from todo_new;

create or replace temp table todo_report as
select post_id, person_id, source_id, thread_id, posted_at, year, person_unknown, reporter, conditions, age_years, sex, language, topics
from kept_report
where person_id in (select person_id from todo_person) and post_id not in (select post_id from stale_post)
union all
select * from todo_new;
