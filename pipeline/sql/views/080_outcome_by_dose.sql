-- outcome_by_dose: one row per treatment x dose band of the study x domain ('effect' is the effect as a whole).
-- A person is put in the band of the highest daily dose they say they took, mg per day; where a range was said, its
-- upper end counts. persons: who stated a dose in the band; denominator: of these, who said anything of the domain.
-- trend_z, trend_p: Cochran-Armitage test over the bands of the domain (scores 0, 1, 2 …), the same in each of its rows.
create or replace view outcome_by_dose as
-- Counted by the dose itself first: there are few, so that a band is looked for few times.
with doses as (
    select substance, domain, mg_per_day, count(*) filter (improved) as improved, count(*) as said
    from kept_said where mg_per_day is not null group by all
),
banded as (
    select d.*, b.position as band, b.label as dose_band
    from doses d join dose_band b
        on b.substance = d.substance and d.mg_per_day > b.low and (b.high is null or d.mg_per_day <= b.high)
),
-- The median is the mean of the two doses in the middle, which are one where their number is odd.
bands as (
    select substance, band, dose_band, any_value(persons) as persons,
        (min(mg_per_day) filter (2 * sofar >= persons) + min(mg_per_day) filter (2 * sofar > persons)) / 2 as median_mg_per_day
    from (
        select *, sum(said) over (partition by substance, band)::bigint as persons,
            sum(said) over (partition by substance, band order by mg_per_day) as sofar
        from banded where domain = 'taken'
    )
    group by substance, band, dose_band
),
counts as (
    select substance, band, domain, sum(improved)::bigint as improved, sum(said)::bigint as denominator
    from banded where domain <> 'taken' group by all
),
domains as (select substance, domain from counts union select substance, 'effect' from bands),
sums as (
    select
        substance, domain, sum(denominator) as n, sum(improved) / n as p, sum(improved * band) as kx,
        sum(denominator * band) as nx, sum(denominator * band * band) as nxx
    from counts group by all
),
trend as (
    select substance, domain, (kx - p * nx) / nullif(sqrt(p * (1 - p) * (nxx - nx * nx / n)), 0) as trend_z from sums
),
final as (
    select
        bands.substance, bands.dose_band, bands.band, domains.domain,
        coalesce(improved, 0) as improved, coalesce(denominator, 0) as denominator,
        persons - coalesce(denominator, 0) as missing, improved / denominator as share,
        wilson_low(improved, denominator, study.z) as low, wilson_high(improved, denominator, study.z) as high,
        persons, median_mg_per_day, trend_z, p_two_sided(trend_z) as trend_p
    from bands join domains using (substance)
    left join counts on counts.substance = bands.substance and counts.band = bands.band and counts.domain = domains.domain
    left join trend on trend.substance = bands.substance and trend.domain = domains.domain
    cross join study
)
select final.* from final left join study_treatment t using (substance)
order by t.position nulls last, substance, domain <> 'effect', domain, band;
