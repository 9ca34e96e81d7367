-- By highest daily dose taken: persons with a benefit, of those who say anything
select substance, dose_band, persons, improved as benefit, denominator, share, low, high
from outcome_by_dose
where domain = 'effect';
