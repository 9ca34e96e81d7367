-- disproportionality: one row per treatment of the study x side effect. A HYPOTHESIS ONLY, whatever it shows: broad signal
-- detection in social media did no better than chance (WEB-RADR), and who writes is not who takes.
-- The unit is a person's side effect: events of this kind on this treatment, of all they tell of on it (denominator),
-- against the study's other treatments (comparator_events of comparator_denominator). PRR (Evans 2001) and ROR with
-- log-normal intervals, 0.5 added to each cell where one is empty; IC (Bate 1998, Gould 2003), IC025 its lower bound;
-- EBGM (DuMouchel 1999) with its 5 % and 95 % points, null where there are too few pairs to fit its prior.
create or replace view disproportionality as
with pairs as (
    select substance, concept, count(*) as events
    from kept_side_effect semi join study_treatment using (substance)
    where condition = 'any' and present and concept <> 'any'
    group by all
),
cells as (
    select
        substance, concept, events as n11, sum(events) over (partition by substance)::bigint as n1,
        sum(events) over (partition by concept)::bigint as n_1, sum(events) over ()::bigint as n
    from pairs
),
corrected as (
    select *, if(n1 = n11 or n_1 = n11 or n - n1 - n_1 + n11 = 0, 0.5, 0) as plus,
        n11 + plus as a, n1 - n11 + plus as b, n_1 - n11 + plus as c, n - n1 - n_1 + n11 + plus as d
    from cells
),
ratios as (
    select *, a / (a + b) / (c / (c + d)) as prr, sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) as prr_se,
        a * d / (b * c) as ror, sqrt(1 / a + 1 / b + 1 / c + 1 / d) as ror_se
    from corrected
)
select
    r.substance, r.concept, n11 as events, n1 as denominator, n_1 - n11 as comparator_events, n - n1 as comparator_denominator,
    n1 * n_1 / n as expected, prr, prr * exp(-study.z * prr_se) as prr_low, prr * exp(study.z * prr_se) as prr_high,
    ror, ror * exp(-study.z * ror_se) as ror_low, ror * exp(study.z * ror_se) as ror_high,
    s.ic, s.ic025, s.ebgm, s.eb05, s.eb95, 'hypothesis only' as reading
from ratios r left join kept_signal s using (substance, concept) cross join study
join study_treatment t on t.substance = r.substance
order by t.position, n11 desc, r.concept;
