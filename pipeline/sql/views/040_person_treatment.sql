-- person_treatment: one row per person x treatment taken x condition ('any' holds all conditions together): the effect
-- as a whole. It is `course`, cut to what is stated last; contradicted says that a report stated another effect.
create or replace view person_treatment as
select person_id, substance, condition, effect, contradicted, stopped, longest_days, posts
from kept_course;
