-- totals: one row: persons and their reports that the filters let through.
select count(distinct person_id)::bigint as persons, coalesce(sum(posts), 0)::bigint as reports,
    count(*) filter (effect <> 'unclear')::bigint as said, count(*)::bigint as courses
from selected;
