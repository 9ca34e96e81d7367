-- side_effect_by_dose: one row per treatment x dose band of the study x side effect.
-- persons_present: who say they had it, in the band of the dose at which they first told of it; denominator: who say they
-- took a dose of that band. missing: who had it and no dose is known, the same in each band of the effect.
create or replace view side_effect_by_dose as
with takers as (
    select d.substance, b.position as band, b.label as dose_band, count(distinct d.person_id) as persons
    from kept_dose d join dose_band b
        on b.substance = d.substance and d.mg_per_day > b.low and (b.high is null or d.mg_per_day <= b.high)
    group by all
),
had as (select * from kept_side_effect where condition = 'any' and present),
missing as (select substance, concept, count(*) filter (mg_per_day is null) as missing from had group by all),
counts as (
    select h.substance, h.concept, b.position as band, count(*) as present
    from had h join dose_band b
        on b.substance = h.substance and h.mg_per_day > b.low and (b.high is null or h.mg_per_day <= b.high)
    group by all
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
