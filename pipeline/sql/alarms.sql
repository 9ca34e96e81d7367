-- What lies outside the range that trials and cohorts report: one row per published fact, with the reading.
select fact, reading from benchmark where alarm order by fact;
