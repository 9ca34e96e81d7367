-- Where it was written
-- Posts that the corpus holds, those that tell of somebody's treatment, and persons. terms and approval as they were recorded.
select
    s.source_id, s.kind, count(p.post_id) filter (p.status = 'live') as posts, count(r.post_id) as reports,
    count(distinct r.person_id) as persons, s.terms, s.approval
from source s left join post p using (source_id) left join person_report r using (post_id)
group by s.source_id, s.kind, s.terms, s.approval
order by reports desc, s.source_id;
