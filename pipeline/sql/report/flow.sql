-- The flow of posts
-- From all that were seen down to those that tell an outcome. What was left out is counted with its reason; of what was
-- set aside before it was kept, no person is known.
select stage, reason, posts, persons from flow;
