-- The flow of posts
-- From all that were seen down to those that tell an outcome. What was left out is counted with its reason; of what was
-- set aside before it was kept, no person is known.
select stage, reason, posts, persons
from flow
order by
    case stage
        when 'seen' then 1 when 'passed over' then 2 when 'set aside' then 3
        when 'left out' then if(reason = 'nobody''s experience is reported', 6, 4) when 'kept' then 5
        when 'with a report of an experience' then 7 when 'with a first-person report' then 8 else 9
    end, posts desc, reason;
