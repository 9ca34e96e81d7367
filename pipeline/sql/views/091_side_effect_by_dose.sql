-- side_effect_by_dose: one row per treatment x dose band of the study x side effect.
-- persons_present: who say they had it, in the band of the dose at which they first told of it; denominator: who say they
-- took a dose of that band. missing: who had it and no dose is known, the same in each band of the effect.
create or replace view side_effect_by_dose as
-- Bands are looked for by the distinct doses, which are few.
with had as (
    select substance, concept, mg_per_day, count(*) as persons from kept_side_effect where condition = 'any' and present group by all
),
doses as (select substance, mg_per_day from kept_dose union select substance, mg_per_day from had),
banded as (
    select d.*, b.position as band, b.label as dose_band
    from doses d join dose_band b
        on b.substance = d.substance and d.mg_per_day > b.low and (b.high is null or d.mg_per_day <= b.high)
),
takers as (
    select substance, band, dose_band, count(distinct person_id) as persons
    from kept_dose join banded using (substance, mg_per_day) group by all
),
missing as (
    select substance, concept, coalesce(sum(persons) filter (mg_per_day is null), 0)::bigint as missing from had group by all
),
counts as (
    select substance, concept, band, sum(persons)::bigint as present from had join banded using (substance, mg_per_day) group by all
),
final as (
    select
        t.substance, t.dose_band, t.band, m.concept, coalesce(c.present, 0) as persons_present, t.persons as denominator, m.missing,
        persons_present / t.persons as share, wilson_low(persons_present, t.persons, study.z) as low,
        wilson_high(persons_present, t.persons, study.z) as high
    from takers t join missing m using (substance)
    left join counts c on c.substance = t.substance and c.concept = m.concept and c.band = t.band
    cross join study
)
select final.* from final left join study_treatment t using (substance)
order by t.position nulls last, substance, concept, band;
