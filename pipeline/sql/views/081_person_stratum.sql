-- person_stratum: one row per person x treatment x stratum they belong to. stratum: condition, dose_band, source, year,
-- sex or age; value: which ('not said' where it is unknown). Source and year are those of the first report; age in bands.
create or replace view person_stratum as
with takers as (select * from kept_said where domain = 'taken'),
valued as (
    select
        person_id, substance,
        unnest([
            struct_pack(stratum := 'source', value := source_id), struct_pack(stratum := 'year', value := year),
            struct_pack(stratum := 'sex', value := sex), struct_pack(stratum := 'age', value := age)
        ], recursive := true)
    from takers
)
select person_id, substance, stratum, value from valued
union all
select person_id, substance, 'condition', unnest(string_split(conditions, '|')) from takers
union all
select person_id, substance, 'dose_band', dose_band from person_band where condition = 'any';
