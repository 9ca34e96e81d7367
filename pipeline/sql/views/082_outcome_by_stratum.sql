-- outcome_by_stratum: one row per treatment of the study x stratum (condition, dose_band, source, year, sex, age) x value
-- x domain ('effect' is the effect as a whole). Persons are counted as in outcome_by_treatment and outcome_by_domain.
create or replace view outcome_by_stratum as
with counted as (
    select
        substance, domain, source_id, year, sex, age, conditions, mg_per_day,
        case when grouping(source_id) = 0 then 'source' when grouping(year) = 0 then 'year' when grouping(sex) = 0 then 'sex'
            when grouping(age) = 0 then 'age' when grouping(conditions) = 0 then 'condition' else 'dose_band' end as stratum,
        count(*) filter (improved) as improved, count(*) as said
    from kept_said semi join study_treatment using (substance)
    group by grouping sets (
        (substance, domain, source_id), (substance, domain, year), (substance, domain, sex), (substance, domain, age),
        (substance, domain, conditions), (substance, domain, mg_per_day)
    )
),
valued as (
    select substance, domain, stratum, coalesce(source_id, year, sex, age) as value, improved, said
    from counted where stratum not in ('condition', 'dose_band')
    union all
    select substance, domain, stratum, unnest(string_split(conditions, '|')), improved, said from counted where stratum = 'condition'
    union all
    select c.substance, domain, stratum, b.label, improved, said
    from counted c join dose_band b
        on b.substance = c.substance and c.mg_per_day > b.low and (b.high is null or c.mg_per_day <= b.high)
    where stratum = 'dose_band'
),
sums as (
    select substance, stratum, value, domain, sum(improved)::bigint as improved, sum(said)::bigint as denominator
    from (
        from valued
        union all by name
        -- The effect has a row in each stratum, also where nobody there tells of it: those are counted as missing.
        select * replace ('effect' as domain, 0 as improved, 0 as said) from valued where domain = 'taken'
    )
    group by all
),
placed as (
    select *, max(denominator) filter (domain = 'taken') over (partition by substance, stratum, value) as persons from sums
),
final as (
    select
        substance, stratum, value, domain, improved, denominator, persons - denominator as missing,
        improved / nullif(denominator, 0) as share,
        wilson_low(improved, denominator, study.z) as low, wilson_high(improved, denominator, study.z) as high, persons
    from placed cross join study where domain <> 'taken' and persons is not null
)
select final.* from final join study_treatment using (substance)
order by position, domain <> 'effect', domain, stratum, value;
