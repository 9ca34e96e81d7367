-- The flow of posts
select stage, reason, posts, persons from flow;
