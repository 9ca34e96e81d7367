-- mentions: one row per span of the post that names something, with its assertion, whose it is and the cue that decided.
select position, kind, concept, substance, quote, span_start, span_end, assertion, cue, cue_start, cue_end, whose
from mention where post_id = $post order by span_start, span_end desc, position;
