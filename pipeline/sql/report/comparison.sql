-- Beside its comparators
-- 'same person': who took both; share: of those who tell a difference, how many found the treatment studied better.
-- 'between persons': shares with a benefit, the comparator's standardised by condition and source. Nobody was drawn by lot.
select
    kind, comparator, persons, index_better, comparator_better, equal, denominator, share, low, high,
    index_benefit, index_denominator, index_share, comparator_benefit, comparator_denominator, comparator_share,
    difference, difference_low, difference_high, missing
from comparison
where condition = 'any'
order by kind, comparator;
