-- selected: one row per person x treatment that the filters let through, in one condition ('any': all together).
-- Source, year and reporter are those of the person's first report; the dose band is that of the highest dose they took.
create or replace temp table selected as
select c.person_id, c.substance, c.condition, c.effect, c.contradicted, c.stopped, c.posts, b.band, b.dose_band
from kept_course c left join person_band b using (person_id, substance, condition)
where c.condition = $condition
    and ($treatment::varchar is null or c.substance = $treatment)
    and ($band::varchar is null or b.dose_band = $band)
    and ($source::varchar is null or c.source_id = $source)
    and ($year::varchar is null or coalesce(c.year::varchar, 'not known') = $year)
    and ($reporter::varchar is null or c.reporter = $reporter);
