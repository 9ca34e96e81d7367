-- corrected: one row per raw share x reviewed sample: the share as the extractor counts it, and beside it what it would
-- be without the extractor's errors: (share + specificity - 1) / (recall + specificity - 1), cut to 0 to 1 (Rogan & Gladen
-- 1978). Where recall + specificity is not above 1, or too little was reviewed, there is none; reason says why.
-- The interval is a bootstrap's: persons and the posts of the sample are drawn anew together, with a fixed seed; where all
-- or none are counted, from Jeffreys' posterior, since every draw would be the same.
-- Recall and specificity are those of a post x treatment; a person's error is taken to be that of one post, which most
-- wrote. basis: 'this side effect' where the sample has enough of it, else 'all side effects'; else the field itself.
-- sample, sample_posts, annotator: which posts were read, how many, by whom. A cell with no sample has one row.
create or replace view corrected as
with samples as (select sample, max(posts) as sample_posts, any_value(annotator) as annotator from accuracy group by sample)
select
    r.measure, r.substance, r.condition, nullif(r.concept, '') as concept, r.numerator, r.denominator, r.missing,
    r.share, r.low, r.high, k.corrected, k.corrected_low, k.corrected_high, k.recall, k.specificity, k.basis,
    case when k.sample is null then 'no reviewed sample: see doselore evaluate --keep, doselore review' else k.reason end as reason,
    k.sample, s.sample_posts, s.annotator
from raw_share r
left join kept_correction k using (measure, substance, condition, concept)
left join samples s on s.sample = k.sample
left join study_treatment t on t.substance = r.substance
order by t.position nulls last, r.substance, r.measure, r.condition <> 'any', r.condition, r.denominator desc, r.numerator desc,
    r.concept, k.sample;
