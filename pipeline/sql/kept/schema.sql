-- What is worked out of the posts, person by person, and kept, so that the views answer at once. Written by
-- pipeline/derive.py: made anew when this folder changes, and for the persons whose posts are new or changed.

-- kept_report: one row per counted report (see person_report). seq: its place among the person's reports, from 1.
-- with_outcome: whether it says how a treatment did, as a whole or in any domain.
create or replace table kept_report (
    post_id varchar not null, person_id varchar not null, seq bigint not null, source_id varchar not null,
    thread_id varchar, posted_at timestamptz, year bigint, person_unknown boolean not null, reporter varchar not null,
    conditions varchar[] not null, age_years integer, sex varchar, language varchar, topics varchar[] not null,
    with_outcome boolean not null
);

-- kept_course: one row per person x treatment x condition, as `course` shows it.
create or replace table kept_course (
    person_id varchar not null, substance varchar not null, condition varchar not null, person_unknown boolean not null,
    reporter varchar not null, source_id varchar not null, sources bigint not null, year bigint, sex varchar,
    age_years integer, posts bigint not null, first_post_at timestamptz, last_post_at timestamptz,
    started_at timestamptz, start_basis varchar, follow_up_days double,
    doses bigint not null, first_mg_per_day double, last_mg_per_day double, peak_mg_per_day double,
    effective_mg_per_day double, effective_basis varchar, steps_up bigint not null, steps_down bigint not null,
    effect varchar not null, best_effect varchar not null, effects_stated bigint not null, contradicted boolean not null,
    contradictions bigint not null,
    outcomes struct(domain varchar, best varchar, "last" varchar, posts bigint, contradicted boolean)[] not null,
    days_to_effect double, effect_observed boolean not null, stopped boolean, stopped_with varchar, longest_days double,
    days_on_treatment double, stop_observed boolean not null,
    side_effects struct(concept varchar, mg_per_day double, denied_too boolean)[] not null, denied varchar[] not null
);

-- kept_outcome: one row per person x treatment x condition x domain: what they say of it, best and last.
create or replace table kept_outcome (
    person_id varchar not null, substance varchar not null, condition varchar not null, domain varchar not null,
    best varchar not null, last varchar not null, posts bigint not null, contradicted boolean not null
);

-- kept_said: one row per person x treatment x domain of which they said anything, all conditions together; also 'effect',
-- the effect as a whole, and 'taken', said of everybody who took it. improved: as said last. The rest is who they are, so
-- that a table over strata reads this one: mg_per_day is the highest dose taken, age a band, conditions 'a|b' in order.
create or replace table kept_said (
    person_id varchar not null, substance varchar not null, domain varchar not null, improved boolean not null, mg_per_day double,
    source_id varchar not null, year varchar not null, sex varchar not null, age varchar not null, conditions varchar not null
);

-- kept_side_effect: one row per person x treatment x condition x concept. mg_per_day: the dose when it was first told of.
create or replace table kept_side_effect (
    person_id varchar not null, substance varchar not null, condition varchar not null, concept varchar not null,
    present boolean not null, denied boolean not null, mg_per_day double
);

-- kept_dose: one row per stated daily dose that somebody took, in the order of their posts.
create or replace table kept_dose (
    person_id varchar not null, substance varchar not null, post_id varchar not null, step bigint not null,
    posted_at timestamptz, days_since_start double, mg_per_day_low double not null, mg_per_day double not null, role varchar
);

-- kept_copy: one row per post that repeats another, as `copy` was when courses were last worked out.
create or replace table kept_copy (post_id varchar not null, copy_of varchar not null, kind varchar not null);

-- kept_signal: one row per treatment of the study x side effect: the figures of `disproportionality` that need a fit.
create or replace table kept_signal (
    substance varchar not null, concept varchar not null, ic double, ic025 double, ebgm double, eb05 double, eb95 double
);

-- kept_correction: one row per cell of raw_share x reviewed sample: the share corrected for the extractor's errors.
create or replace table kept_correction (
    measure varchar not null, substance varchar not null, condition varchar not null, concept varchar not null,
    sample varchar not null, basis varchar not null, corrected double, corrected_low double, corrected_high double,
    recall double, specificity double, reason varchar
);
