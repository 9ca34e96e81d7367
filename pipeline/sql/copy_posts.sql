-- Posts to compare for copies, as pipeline/dedup.py takes them; declared: the post that the site says this one repeats.
with named as (
    select p.post_id, p.native_id, s.site, p.extra ->> 'crosspost_parent' as declared
    from post p join source s using (source_id)
),
declared as (
    select a.post_id, min(b.post_id) as original
    from named a join named b on b.native_id = a.declared and b.site = a.site
    group by 1
)
select
    p.post_id, p.author_id, p.text, p.posted_at, p.source_id || coalesce(':' || p.subreddit, '') as place,
    d.original as declared
from post p left join declared d using (post_id)
where p.status = 'live'
order by p.post_id
