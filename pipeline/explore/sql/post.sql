-- post: one row, the post that is asked for, with how it was read and for whom it counts.
select p.post_id, p.source_id, p.thread_id, p.posted_at, p.edited_at, p.url, p.title, p.text, p.quoted, p.rating, p.status,
    p.text_sha256, p.language, e.excluded, e.version, k.person_id, k.person_unknown, coalesce(k.reporter, r.reporter) as reporter,
    coalesce(k.conditions, r.conditions) as conditions, k.age_years, k.sex, c.copy_of, c.kind as copy_kind, s.invented
from post p
join source s using (source_id)
left join extraction e using (post_id)
left join report r using (post_id)
left join kept_report k using (post_id)
left join copy c using (post_id)
where p.post_id = $post;
