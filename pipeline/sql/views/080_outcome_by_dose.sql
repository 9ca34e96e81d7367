-- outcome_by_dose: one row per treatment x dose band of the study x domain ('effect' is the effect as a whole).
-- A person is put in the band of the highest daily dose they say they took, mg per day; where a range was said, its
-- upper end counts. persons: who stated a dose in the band; denominator: of these, who said anything of the domain.
create or replace view outcome_by_dose as
with dosed as (
    select p.person_id, d.substance, max(d.mg_per_day[2]) as mg_per_day
    from person_report p join dose d using (post_id)
    where d.status = 'taken' and d.mg_per_day is not null
    group by p.person_id, d.substance
),
banded as (
    select dosed.*, b.position, b.label
    from dosed join dose_band b
        on b.substance = dosed.substance and mg_per_day > b.low and (b.high is null or mg_per_day <= b.high)
),
said as (
    select
        p.person_id, o.substance, o.domain,
        max_by(o.direction, (coalesce(p.posted_at, '1900-01-01'::timestamptz), p.post_id,
            case o.direction when 'worsened' then 3 when 'unchanged' then 2 else 1 end)) = 'improved' as improved
    from person_report p join outcome o using (post_id)
    group by p.person_id, o.substance, o.domain
    union all
    select person_id, substance, 'effect', effect in ('worked', 'partly')
    from person_treatment where condition = 'any' and effect <> 'unclear'
),
bands as (select substance, position, label, count(*) as persons, median(mg_per_day) as median_mg_per_day from banded group by all),
counts as (
    select b.substance, b.position, said.domain, count(*) filter (improved) as improved, count(*) as denominator
    from banded b join said using (person_id, substance)
    group by all
),
final as (
    select
        bands.substance, bands.label as dose_band, bands.position as band, coalesce(domain, 'effect') as domain,
        coalesce(improved, 0) as improved, coalesce(denominator, 0) as denominator,
        persons - coalesce(denominator, 0) as missing, improved / denominator as share,
        wilson_low(improved, denominator, study.z) as low, wilson_high(improved, denominator, study.z) as high,
        persons, median_mg_per_day
    from bands left join counts using (substance, position) cross join study
)
select final.* from final left join study_treatment t using (substance)
order by t.position nulls last, substance, domain <> 'effect', domain, band;
