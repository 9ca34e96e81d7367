-- comparison: one row per kind x comparator x condition: the study's index treatment against each of its comparators.
-- kind 'same person': persons who took both and say how each did, in any of their reports; 'head to head': of these, who
-- say it of both in one report. share: of those who tell a difference (denominator), how many found the index treatment
-- better (worked > partly > no_effect > harmful), with a Wilson interval; equal: who found them the same.
-- kind 'between persons': persons with a benefit on each (index_share, comparator_share), the comparator's share
-- standardised to the index treatment's persons by condition and source; difference is index less comparator, with its
-- interval; only strata with both treatments count, covered says how many of the index treatment's persons lie in them.
-- missing: who took both (or either) and do not say how it did.
create or replace view comparison as
with ranked as (
    select *, case effect when 'worked' then 3 when 'partly' then 2 when 'no_effect' then 1 when 'harmful' then 0 end as rank
    from kept_course semi join study_treatment using (substance)
),
index_course as (select r.* from ranked r join study on r.substance = study.index_substance),
other_course as (select r.* from ranked r join study on r.substance <> study.index_substance),
same_post as (
    select distinct k.person_id, b.substance
    from treatment a join study on a.substance = study.index_substance
    join treatment b on b.post_id = a.post_id and b.substance <> a.substance join kept_report k on k.post_id = a.post_id
    where a.status = 'taken' and b.status = 'taken' and a.effect <> 'unclear' and b.effect <> 'unclear'
),
pairs as (
    select i.condition, o.substance as comparator, i.rank as index_rank, o.rank as other_rank, s.person_id is not null as at_once
    from index_course i join other_course o using (person_id, condition)
    left join same_post s on s.person_id = o.person_id and s.substance = o.substance
),
paired as (
    select
        unnest(case when at_once then ['same person', 'head to head'] else ['same person'] end) as kind, * exclude (at_once)
    from pairs
),
within as (
    select
        kind, condition, comparator, count(*) as persons, count(*) filter (index_rank is null or other_rank is null) as missing,
        count(*) filter (index_rank > other_rank) as index_better, count(*) filter (index_rank = other_rank) as equal,
        count(*) filter (index_rank < other_rank) as comparator_better
    from paired group by all
),
stratum as (
    select condition, source_id, substance, count(*) as persons, count(rank) as n, count(*) filter (rank >= 2) as k
    from ranked where condition <> 'any' group by all
    union all
    select 'not said', source_id, substance, sum(said) filter (domain = 'taken')::bigint, coalesce(sum(said) filter (domain = 'effect'), 0)::bigint,
        coalesce(sum(improved) filter (domain = 'effect'), 0)::bigint
    from (
        select source_id, substance, domain, count(*) as said, count(*) filter (improved) as improved
        from kept_said where conditions = 'not said' group by all
    ) semi join study_treatment using (substance)
    group by all
),
-- The stratum is the condition too where 'any' is asked; persons with several conditions stand in each of theirs.
cell as (
    select condition as shown, * from stratum where condition <> 'not said'
    union all
    select 'any' as shown, * from stratum
),
shared as (
    select
        i.shown, i.condition, i.source_id, o.substance as comparator, i.n as index_n, i.k / i.n as index_p, o.n as other_n, o.k / o.n as other_p
    from cell i join study on i.substance = study.index_substance
    join cell o on o.shown = i.shown and o.condition = i.condition and o.source_id = i.source_id and o.substance <> i.substance
    where i.n > 0 and o.n > 0
),
standard as (
    select
        shown as condition, comparator, count(*) as strata, sum(index_n)::bigint as covered, sum(other_n)::bigint as comparator_denominator,
        -- In one order: the last digit of a sum depends on it.
        sum(index_n * index_p order by condition, source_id) as index_benefit,
        sum(other_n * other_p order by condition, source_id) as comparator_benefit,
        index_benefit / covered as index_share,
        sum(index_n * other_p order by condition, source_id) / covered as comparator_share,
        sum(index_n * index_p * (1 - index_p) order by condition, source_id) / power(covered, 2)
            + sum(power(index_n, 2) * other_p * (1 - other_p) / other_n order by condition, source_id) / power(covered, 2) as variance
    from shared group by shown, comparator
),
totals as (select shown as condition, substance, sum(persons)::bigint as persons, sum(n)::bigint as n from cell group by all),
final as (
    select
        kind, comparator, condition, persons, missing, index_better, equal, comparator_better,
        index_better + comparator_better as denominator,
        index_better / nullif(index_better + comparator_better, 0) as share,
        wilson_low(index_better, index_better + comparator_better, study.z) as low,
        wilson_high(index_better, index_better + comparator_better, study.z) as high,
        null::bigint as strata, null::bigint as covered, null::bigint as index_benefit, null::bigint as index_denominator,
        null::double as index_share, null::bigint as comparator_benefit, null::bigint as comparator_denominator,
        null::double as comparator_share, null::double as difference, null::double as difference_low, null::double as difference_high
    from within cross join study
    union all
    select
        'between persons', comparator, standard.condition, i.persons + o.persons, i.persons + o.persons - i.n - o.n,
        null, null, null, null, null, null, null, strata, covered, round(index_benefit)::bigint, i.n, index_share,
        round(comparator_benefit)::bigint, comparator_denominator, comparator_share, index_share - comparator_share,
        index_share - comparator_share - study.z * sqrt(variance), index_share - comparator_share + study.z * sqrt(variance)
    from standard cross join study
    join totals i on i.condition = standard.condition and i.substance = study.index_substance
    join totals o on o.condition = standard.condition and o.substance = standard.comparator
)
select study.index_substance as substance, final.* from final cross join study
order by kind = 'between persons', kind <> 'same person', condition <> 'any', condition, persons desc, comparator;
