-- side_effect_rate: one row per treatment x side effect.
-- persons_present: who say they had it; denominator: everybody who took the treatment, so that silence counts as no
-- report, not as absence; denied: who say they did not have it, and never that they did.
-- severe: who call it severe in any report; mild: who call it mild, and never severe; went_away: who say that it passed.
create or replace view side_effect_rate as
with takers as (select substance, count(*) as persons from kept_course where condition = 'any' group by substance),
counts as (
    select
        substance, concept, count(*) filter (present) as present, count(*) filter (not present) as denied,
        count(*) filter (present and denied) as contradicted, median(mg_per_day) filter (present) as median_mg_per_day
    from kept_side_effect where condition = 'any' group by substance, concept
),
degrees as (
    select k.person_id, s.substance, s.concept, bool_or(s.detail like '%severe%') as severe, bool_or(s.detail like '%mild%') as mild,
        bool_or(s.detail like '%went away%') as went_away
    from side_effect s join kept_report k using (post_id) where s.present and s.detail is not null group by all
),
degree as (
    select substance, concept, count(*) filter (severe) as severe, count(*) filter (mild and not severe) as mild,
        count(*) filter (went_away) as went_away
    from degrees semi join (from kept_side_effect where condition = 'any' and present) using (person_id, substance, concept)
    group by all
),
final as (
    select
        c.substance, t.position is not null as in_study, c.concept, present as persons_present, persons as denominator,
        present / persons as share,
        wilson_low(present, persons, study.z) as low, wilson_high(present, persons, study.z) as high,
        denied, persons - present - denied as not_said, contradicted, median_mg_per_day,
        coalesce(severe, 0) as severe, coalesce(mild, 0) as mild, coalesce(went_away, 0) as went_away
    from counts c join takers using (substance) left join degree using (substance, concept)
    left join study_treatment t on t.substance = c.substance cross join study
)
select * from final order by not in_study, denominator desc, substance, persons_present desc, concept;
