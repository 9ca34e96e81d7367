-- outcome_by_stratum: one row per treatment of the study x stratum (condition, dose_band, source, year, sex, age) x value
-- x domain ('effect' is the effect as a whole). Persons are counted as in outcome_by_treatment and outcome_by_domain.
create or replace view outcome_by_stratum as
with strata as (select * from person_stratum semi join study_treatment using (substance)),
takers as (select substance, stratum, value, count(*) as persons from strata group by all),
said as (select * from person_said where condition = 'any'),
counts as (
    select substance, stratum, value, domain, count(*) filter (improved) as improved, count(*) as denominator
    from strata join said using (person_id, substance)
    group by all
),
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
