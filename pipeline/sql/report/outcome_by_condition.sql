-- The same by what it is taken for
-- A person counts for a condition that they name, in this report or another of theirs. difference: this share less that
-- of the treatment studied, in the same condition.
select
    condition, substance, persons, benefit, denominator, share, low, high, missing, no_effect, harmful,
    difference, difference_low, difference_high
from outcome_by_treatment
where condition <> 'any' and in_study and persons > 0
order by condition, substance;
