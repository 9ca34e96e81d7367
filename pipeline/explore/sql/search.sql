-- search: one row per live post that holds every one of the words, newest first; found: how many in all.
with hits as (
    select p.post_id, p.posted_at, p.source_id from post p
    where p.status = 'live' and {words}
),
final as (
    select *, count(*) over () as found from hits order by posted_at desc nulls last, post_id limit $size offset $skip
)
select f.*, p.title, p.text, k.person_id from final f join post p using (post_id) left join kept_report k using (post_id)
order by f.posted_at desc nulls last, f.post_id;
