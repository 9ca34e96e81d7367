-- effect: one row per treatment: what its persons last said of the effect as a whole. Wilson intervals.
with counts as (
    select
        substance, count(*) as persons, count(*) filter (effect = 'worked') as worked, count(*) filter (effect = 'partly') as partly,
        count(*) filter (effect = 'no_effect') as no_effect, count(*) filter (effect = 'harmful') as harmful,
        count(*) filter (effect = 'unclear') as missing, count(*) filter (stopped) as stopped,
        count(*) filter (contradicted) as contradicted
    from selected group by substance
)
select
    substance, persons, worked + partly as benefit, persons - missing as denominator, missing,
    benefit / nullif(denominator, 0) as share, wilson_low(benefit, denominator, study.z) as low,
    wilson_high(benefit, denominator, study.z) as high, worked, partly, no_effect, harmful, stopped, contradicted
from counts left join study_treatment t using (substance) cross join study
order by t.position is null, t.position <> 0, persons desc, substance;
