-- What changed
-- By domain: a person counts once in each, with what they said last. improved of those who say anything of the domain.
select substance, domain, improved, unchanged, worsened, denominator, share, low, high, missing
from outcome_by_domain cross join study
where in_study
order by substance <> index_substance, substance, denominator desc, domain;
