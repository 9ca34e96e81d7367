-- Who it happened to
-- Persons who took one of the study's treatments, by what they say of themselves.
with of_study as (
    select
        person_id, max(sex) as sex, max(age_years) as age, bool_or(starts_with(person_id, 'of ')) as told_by_carer,
        bool_or(person_unknown) as unknown
    from course where condition = 'any' and substance in (select substance from study_treatment)
    group by person_id
),
said as (
    select unnest([
        struct_pack(place := 1, item := 'sex', value := coalesce(sex, 'not said')),
        struct_pack(place := 2, item := 'age', value := case
            when age is null then 'not said' when age < 18 then '0-17' when age < 30 then '18-29' when age < 45 then '30-44'
            when age < 60 then '45-59' else '60+' end),
        struct_pack(place := 3, item := 'told by', value := if(told_by_carer, 'a carer', 'themselves')),
        struct_pack(place := 4, item := 'author', value := if(unknown, 'not known', 'known by a pseudonym'))
    ], recursive := true)
    from of_study
)
select item, value, count(*) as persons, sum(count(*)) over (partition by item)::bigint as denominator,
    count(*) / sum(count(*)) over (partition by item) as share
from said group by place, item, value order by place, value = 'not said', value;
