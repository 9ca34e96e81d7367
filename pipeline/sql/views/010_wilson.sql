-- wilson_low, wilson_high: bounds of the interval for k of n at the normal quantile z; null where n is 0.
-- Wilson 1927: holds its level for small n and near 0 and 1, where the usual interval does not.
create or replace macro wilson_low(k, n, z) as
    case when n > 0 then greatest(0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)) end;
create or replace macro wilson_high(k, n, z) as
    case when n > 0 then least(1, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)) end;
