-- person_report: one row per counted post in which somebody's experience with a treatment is told.
-- person_id: who it happened to. A carer's "my husband" is a person of its own, one per carer; an unknown author is
-- one person per post. age_years, sex: as the text says; where it does not, as the review's own columns say.
create or replace view person_report as
select
    c.post_id, c.source_id, c.thread_id, c.posted_at, year(c.posted_at) as year, c.writer_unknown,
    case r.reporter when 'caregiver' then 'of ' || c.writer_id else c.writer_id end as person_id,
    r.reporter, r.conditions, coalesce(r.age_years, stated_age(c.age_stated)) as age_years,
    coalesce(r.sex, stated_sex(c.sex_stated)) as sex, c.language, c.text
from counted_post c join report r using (post_id)
where c.left_out is null and r.reporter <> 'none';
