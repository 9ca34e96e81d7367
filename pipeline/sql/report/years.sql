-- When it was written
-- Reports and persons by the year of the post.
select coalesce(year::varchar, 'not known') as year, count(*) as reports, count(distinct person_id) as persons
from person_report group by all order by year;
