-- What they say of it: persons; benefit (worked or partly) of those who say anything, with its 95 % interval
select substance, persons, benefit, denominator, missing, share, low, high, worked, partly, no_effect, harmful, stopped
from outcome_by_treatment
where condition = 'any' and in_study;
