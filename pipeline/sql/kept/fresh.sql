-- Reports as they are now, with the topics that their words name; {where} narrows them.
select
    r.post_id, r.person_id, r.source_id, r.thread_id, r.posted_at, r.year, r.writer_unknown as person_unknown, r.reporter,
    r.conditions, r.age_years, r.sex, r.language, {topics} as topics
from person_report r
where {where}
