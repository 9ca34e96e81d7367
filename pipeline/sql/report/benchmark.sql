-- Beside what was published
-- The grey bar is what trials, cohorts and labels found, the dot is ours with its interval. A result outside is first of
-- all a sign of who writes, or of an error of ours.
select
    fact, measure, concept, condition, low, high, result, result_low, result_high, numerator, denominator, reading, alarm,
    design, reference, checked
from benchmark join study on substance = index_substance
order by not alarm, measure, fact, concept;
