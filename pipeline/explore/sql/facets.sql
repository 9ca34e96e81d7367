-- facets: one row per filter x value: how many persons there are under all the other filters as they stand.
with base as (
    select
        c.person_id, c.substance, c.condition, b.dose_band, b.band, c.source_id, coalesce(c.year::varchar, 'not known') as year, c.reporter,
        c.condition = $condition as condition_ok,
        $treatment::varchar is null or c.substance = $treatment as treatment_ok,
        $band::varchar is null or coalesce(b.dose_band, '') = $band as band_ok,
        $source::varchar is null or c.source_id = $source as source_ok,
        $year::varchar is null or coalesce(c.year::varchar, 'not known') = $year as year_ok,
        $reporter::varchar is null or c.reporter = $reporter as reporter_ok
    from kept_course c left join person_band b using (person_id, substance, condition)
),
final as (
    select 'treatment' as filter, substance as value, count(distinct person_id) as persons, null as place from base
    where condition_ok and band_ok and source_ok and year_ok and reporter_ok group by substance
    union all
    select 'condition', condition, count(distinct person_id), null from base
    where treatment_ok and band_ok and source_ok and year_ok and reporter_ok group by condition
    union all
    select 'band', dose_band, count(distinct person_id), min(band) from base
    where dose_band is not null and condition_ok and treatment_ok and source_ok and year_ok and reporter_ok group by dose_band
    union all
    select 'source', source_id, count(distinct person_id), null from base
    where condition_ok and treatment_ok and band_ok and year_ok and reporter_ok group by source_id
    union all
    select 'year', year, count(distinct person_id), null from base
    where condition_ok and treatment_ok and band_ok and source_ok and reporter_ok group by year
    union all
    select 'reporter', reporter, count(distinct person_id), null from base
    where condition_ok and treatment_ok and band_ok and source_ok and year_ok group by reporter
)
select filter, value, persons from final left join study_treatment t on filter = 'treatment' and t.substance = value
order by filter, if(filter = 'condition', value <> 'any', false), place, t.position nulls last, if(filter = 'year', value, null), persons desc, value;
