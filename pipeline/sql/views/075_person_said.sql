-- person_said: one row per person x treatment x condition x domain in which they said anything ('effect': the effect as
-- a whole). improved: what was said last is an improvement (of the effect: worked or partly).
create or replace view person_said as
select person_id, substance, condition, domain, last = 'improved' as improved from kept_outcome
union all
select person_id, substance, condition, 'effect', effect in ('worked', 'partly') from kept_course where effect <> 'unclear';
