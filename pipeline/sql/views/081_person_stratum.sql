-- person_stratum: one row per person x treatment x stratum they belong to. stratum: condition, dose_band, source, year,
-- sex or age; value: which ('not said' where it is unknown). Source and year are those of the first report; age in bands.
create or replace view person_stratum as
with named as (select distinct person_id, substance from kept_course where condition <> 'any'),
of_any as (
    select
        person_id, substance,
        unnest([
            struct_pack(stratum := 'source', value := source_id),
            struct_pack(stratum := 'year', value := coalesce(year::varchar, 'not said')),
            struct_pack(stratum := 'sex', value := coalesce(sex, 'not said')),
            struct_pack(stratum := 'age', value := case
                when age_years is null then 'not said' when age_years < 18 then '0-17' when age_years < 30 then '18-29'
                when age_years < 45 then '30-44' when age_years < 60 then '45-59' else '60+' end)
        ], recursive := true)
    from kept_course where condition = 'any'
)
select person_id, substance, stratum, value from of_any
union all
select person_id, substance, 'condition', condition from kept_course where condition <> 'any'
union all
select person_id, substance, 'condition', 'not said' from kept_course anti join named using (person_id, substance)
where condition = 'any'
union all
select person_id, substance, 'dose_band', dose_band from person_band where condition = 'any';
