-- Ways in which who writes differs from who takes
-- numerator of denominator (unit says of what); missing: of how many it cannot be told.
select kind, "group", unit, numerator, denominator, share, low, high, missing
from bias where kind not in ('source', 'year')
order by kind, numerator desc, "group";
