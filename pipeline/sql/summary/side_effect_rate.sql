-- Side effects: persons who tell of it, of all who took the treatment; the twelve most told of
select substance, concept, persons_present, denominator, share, low, high, denied
from side_effect_rate
where in_study and persons_present > 0
order by persons_present desc, substance, concept
limit 12;
