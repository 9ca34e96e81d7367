-- Ways of single persons
-- Each line is one person's stated doses of the treatment studied, by days since they started: at most sixty persons with
-- two doses or more, drawn by a hash of the pseudonym, so that nobody picks.
with persons as (
    select person_id, dense_rank() over (order by sha256(person_id)) as line
    from dose_trajectory join study on substance = index_substance
    where days_since_start is not null
    group by person_id
    having count(*) > 1
)
select line, step, days_since_start::double as day, mg_per_day
from dose_trajectory join study on substance = index_substance join persons using (person_id)
where days_since_start is not null and line <= 60
order by line, step;
