-- person_band: one row per person x treatment x condition with a stated daily dose: the dose band of the study that the
-- highest dose they took lies in.
create or replace view person_band as
select c.person_id, c.substance, c.condition, c.peak_mg_per_day as mg_per_day, b.position as band, b.label as dose_band
from kept_course c join dose_band b
    on b.substance = c.substance and c.peak_mg_per_day > b.low and (b.high is null or c.peak_mg_per_day <= b.high);
