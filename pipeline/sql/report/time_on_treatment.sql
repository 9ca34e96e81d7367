-- Time on treatment
-- Kaplan-Meier: the share still taking it, by days since they started. Who stops writing while they take it is still on
-- it as far as they were seen.
select substance, day, denominator, events, share, low, high, median_days, persons, missing
from time_on_treatment cross join study
where condition = 'any' and day <= 730 and substance in (select substance from study_treatment)
qualify row_number() over (partition by substance, floor(share * 200) order by day) = 1
order by substance <> index_substance, substance, day;
