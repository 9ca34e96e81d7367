-- Up to four claims of each kind on the treatment studied, drawn by a hash of the post's id so that nobody picks.
with claims as (
    select
        case
            when e.fact = 'side_effect' then 'Side effects'
            when ends_with(e.value, ' improved') then 'It got better'
            when ends_with(e.value, ' worsened') then 'It got worse'
            else 'Nothing changed'
        end as "group",
        e.value as about, e.quote, e.context, e.source_id, e.posted_at, e.url, e.post_id, e.span_start
    from evidence e join study on e.substance = study.index_substance
    where e.counted and e.quote is not null
        and (e.fact = 'outcome' or e.fact = 'side_effect' and ends_with(e.value, ' present'))
),
one_a_post as (
    select * from claims
    qualify row_number() over (partition by "group", post_id order by span_start nulls last, about) = 1
)
select "group", about, quote, context, source_id, posted_at, url
from one_a_post
qualify row_number() over (partition by "group" order by sha256(post_id)) <= 4
order by "group", sha256(post_id);
