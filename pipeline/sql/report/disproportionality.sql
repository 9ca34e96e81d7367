-- Told of more often than on the other treatments
-- Hypotheses only, whatever it shows: signals in social media did no better than chance. Each person's side effects on the
-- treatment studied against those on the study's others.
select concept, events, denominator, comparator_events, comparator_denominator, expected, ror, ror_low, ror_high, ic025, reading
from disproportionality join study on substance = index_substance
where events >= 3
order by ror_low desc, concept
limit 25;
