-- note_nlp: one row per mention, with the columns of the OMOP Common Data Model 5.4 (NOTE_NLP). Concept ids are 0, "no
-- matching concept": ours stand in lexical_variant's source columns as words, to be mapped by who holds the vocabulary.
select
    row_number() over (order by m.post_id, m.position) as note_nlp_id,
    m.post_id as note_id,
    0 as section_concept_id,
    null::varchar as snippet,
    m.span_start as "offset",
    m.quote as lexical_variant,
    0 as note_nlp_concept_id,
    0 as note_nlp_source_concept_id,
    coalesce(m.concept, m.substance) as note_nlp_source_value,
    'doselore ' || e.version as nlp_system,
    e.extracted_at::date as nlp_date,
    e.extracted_at as nlp_datetime,
    case when m.assertion = 'present' and m.whose = 'self' then 'Y' else 'N' end as term_exists,
    m.assertion as term_temporal,
    concat_ws(',', 'kind=' || m.kind, 'whose=' || m.whose, 'substance=' || m.substance) as term_modifiers
from mention m join extraction e using (post_id)
order by 1
