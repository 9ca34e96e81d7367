-- Benefit by dose
-- Each person stands in the band of the highest daily dose that they say they took; the share with a benefit of those who
-- say how it did. Who is doing well may stay low, and who is not may go up: a slope here is not yet an effect of the dose.
select substance, dose_band, persons, improved as benefit, denominator, share, low, high, missing, median_mg_per_day, trend_z, trend_p
from outcome_by_dose cross join study
where domain = 'effect' and substance in (select substance from study_treatment)
order by substance <> index_substance, substance, band;
