-- coverage: one row per source x crawl, for an ethics board: by what right, under which terms and robots.txt, as whom, and
-- what was asked and came. posts_read: posts on the pages of this crawl; posts_held: live posts of the source in the
-- corpus now. A source that came from files has one row without a crawl.
create or replace view coverage as
with held as (select source_id, count(*) filter (status = 'live') as posts from post group by source_id),
final as (
    select
        coalesce(s.source_id, c.source_id) as source_id, c.crawl_id, coalesce(c.kind, s.kind) as kind,
        coalesce(c.approval, s.approval) as approval, c.approval_date, coalesce(c.terms, s.terms) as terms, c.terms_sha256,
        c.robots_sha256, c.user_agent, c.started_at, c.first_request_at, c.last_request_at, c.requests,
        (
            select string_agg(status || ': ' || (c.answers ->> status), ', ' order by status)
            from (select unnest(json_keys(c.answers)) as status)
        ) as answers_by_status,
        c.refused as refused_by_robots, c.bytes, c.posts as posts_read, coalesce(h.posts, 0) as posts_held, c.ended, c.chain
    from source s
    full join crawl c on c.source_id = s.source_id
    left join held h on h.source_id = coalesce(s.source_id, c.source_id)
)
select * from final order by source_id, started_at, crawl_id;
