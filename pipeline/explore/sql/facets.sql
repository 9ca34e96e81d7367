-- facets: one row per filter x value: how many persons there are under all the other filters as they stand.
-- A person is counted by the hash of their pseudonym: whole numbers are faster to tell apart than words.
with courses as (
    select
        hash(c.person_id) as person, c.substance, c.condition, b.label as dose_band, b.position as band, c.source_id,
        coalesce(c.year::varchar, 'not known') as year, c.reporter
    from kept_course c
    left join dose_band b
        on b.substance = c.substance and c.peak_mg_per_day > b.low and (b.high is null or c.peak_mg_per_day <= b.high)
),
base as (
    select *,
        condition = $condition as condition_ok,
        $treatment::varchar is null or substance = $treatment as treatment_ok,
        $band::varchar is null or coalesce(dose_band, '') = $band as band_ok,
        $source::varchar is null or source_id = $source as source_ok,
        $year::varchar is null or year = $year as year_ok,
        $reporter::varchar is null or reporter = $reporter as reporter_ok
    from courses
),
final as (
    select 'treatment' as filter, substance as value, count(distinct person) as persons, null as place from base
    where condition_ok and band_ok and source_ok and year_ok and reporter_ok group by substance
    union all
    select 'condition', condition, count(distinct person), null from base
    where treatment_ok and band_ok and source_ok and year_ok and reporter_ok group by condition
    union all
    select 'band', dose_band, count(distinct person), min(band) from base
    where dose_band is not null and condition_ok and treatment_ok and source_ok and year_ok and reporter_ok group by dose_band
    union all
    select 'source', source_id, count(distinct person), null from base
    where condition_ok and treatment_ok and band_ok and year_ok and reporter_ok group by source_id
    union all
    select 'year', year, count(distinct person), null from base
    where condition_ok and treatment_ok and band_ok and source_ok and reporter_ok group by year
    union all
    select 'reporter', reporter, count(distinct person), null from base
    where condition_ok and treatment_ok and band_ok and source_ok and year_ok group by reporter
)
select filter, value, persons from final left join study_treatment t on filter = 'treatment' and t.substance = value
order by filter, if(filter = 'condition', value <> 'any', false), place, t.position nulls last, if(filter = 'year', value, null), persons desc, value;
