-- note_nlp: one row per mention, with the columns of the OMOP Common Data Model 5.4 (NOTE_NLP), in its order and types.
-- note_id: the first 13 hexadecimal digits of the SHA-256 of post_id, as a number. Concept ids are 0, "no matching
-- concept": ours stand as words in term_modifiers, to be mapped by who holds the vocabulary.
select
    row_number() over (order by m.post_id, m.position) as note_nlp_id,
    ('0x' || left(sha256(m.post_id), 13))::bigint as note_id,
    0 as section_concept_id,
    null::varchar as snippet,
    m.span_start::varchar as "offset",
    left(m.quote, 250) as lexical_variant,
    0 as note_nlp_concept_id,
    0 as note_nlp_source_concept_id,
    left('doselore ' || e.version, 250) as nlp_system,
    e.extracted_at::date as nlp_date,
    e.extracted_at as nlp_datetime,
    case when m.assertion = 'present' and m.whose = 'self' then 'Y' else 'N' end as term_exists,
    m.assertion as term_temporal,
    left(concat_ws(',', 'kind=' || m.kind, 'concept=' || m.concept, 'whose=' || m.whose, 'substance=' || m.substance), 2000)
        as term_modifiers
from mention m join extraction e using (post_id)
order by 1
