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
    from valued group by all
),
takers as (select substance, stratum, value, denominator as persons from sums where domain = 'taken'),
counts as (from sums where domain <> 'taken'),
final as (
    select
        t.substance, t.stratum, t.value, coalesce(c.domain, 'effect') as domain, coalesce(c.improved, 0) as improved,
        coalesce(c.denominator, 0) as denominator, t.persons - coalesce(c.denominator, 0) as missing,
        c.improved / c.denominator as share,
        wilson_low(c.improved, c.denominator, study.z) as low, wilson_high(c.improved, c.denominator, study.z) as high,
        t.persons
    from takers t left join counts c using (substance, stratum, value) cross join study
)
select final.* from final join study_treatment using (substance)
order by position, domain <> 'effect', domain, stratum, value;
