-- The corpus. One statement a table; the line before it says what a row is.
-- Tables that are replaced post by post (study, extraction to mention) have no key: DuckDB checks keys before a transaction ends.

-- meta: one row per fact about the file itself (schema_version, made_by).
create table if not exists meta (key varchar primary key, value varchar not null);

-- study: one row, the study whose bands and thresholds the views use.
create table if not exists study (
    name varchar not null, title varchar not null, index_substance varchar not null,
    minimum_cell integer not null, confidence double not null, z double not null, settings varchar not null
);

-- study_treatment: one row per treatment of the study; position 0 is the index treatment.
create table if not exists study_treatment (substance varchar not null, position integer not null);

-- dose_band: one row per treatment x band, in mg per day: above low, up to and including high.
create table if not exists dose_band (
    substance varchar not null, position integer not null, low double not null, high double, label varchar not null
);

-- source: one row per place that posts come from.
create table if not exists source (
    source_id varchar primary key, kind varchar not null, site varchar not null, invented boolean not null,
    terms varchar, approval varchar, first_seen timestamptz not null, last_seen timestamptz not null
);

-- thread: one row per discussion.
create table if not exists thread (
    thread_id varchar primary key, source_id varchar not null, native_id varchar not null, title varchar, url varchar,
    started_at timestamptz, last_post_at timestamptz
);

-- author: one row per pseudonym; nothing else is known of the person.
create table if not exists author (author_id varchar primary key, site varchar not null, first_seen timestamptz not null);

-- post: one row per message as it stands now. text: own words only; quoted: others' words.
create table if not exists post (
    post_id varchar primary key, source_id varchar not null, native_id varchar not null, thread_id varchar,
    parent_id varchar, author_id varchar, posted_at timestamptz, edited_at timestamptz, url varchar, title varchar,
    text varchar not null, quoted varchar[] not null, rating double, drug varchar, condition varchar,
    language varchar, status varchar not null, captured_at timestamptz not null, text_sha256 varchar not null,
    helpful integer, duration_stated varchar, dose_stated varchar, age_stated varchar, sex_stated varchar,
    subreddit varchar, extra json not null
);

-- post_version: one row per earlier text of a post that was edited later.
create table if not exists post_version (
    post_id varchar not null, version integer not null, text varchar not null, text_sha256 varchar not null,
    seen_from timestamptz not null, replaced_at timestamptz not null, primary key (post_id, version)
);

-- capture: one row per page or answer kept in the archive, named by the SHA-256 of its body.
create table if not exists capture (
    sha256 varchar not null, source_id varchar not null, url varchar not null, status integer not null,
    fetched_at timestamptz not null, content_type varchar, warc varchar, warc_offset bigint,
    primary key (sha256, url, fetched_at)
);

-- exclusion: one row per thing that was not counted, or counted with a reservation, and why.
create table if not exists exclusion (
    source_id varchar not null, what varchar not null, stage varchar not null, reason varchar not null,
    detail varchar not null, seen_at timestamptz not null, primary key (source_id, what, stage, reason)
);

-- checkpoint: one row per key of a source: what a crawl needs to go on.
create table if not exists checkpoint (source_id varchar not null, key varchar not null, value varchar not null, primary key (source_id, key));

-- merged: one row per staged file that is in the corpus, so that none goes in twice.
create table if not exists merged (staged varchar primary key, merged_at timestamptz not null);

-- extraction: one row per post that was read: with which extractor, and why it was left out if it was.
create table if not exists extraction (
    post_id varchar not null, text_sha256 varchar not null, version varchar not null, extracted_at timestamptz not null,
    language varchar not null, excluded varchar
);

-- report: one row per post that was read: the record of what it says.
create table if not exists report (
    post_id varchar not null, reporter varchar not null, conditions varchar[] not null, age_years integer, sex varchar,
    notes varchar not null
);

-- treatment: one row per post x substance.
create table if not exists treatment (
    post_id varchar not null, substance varchar not null, status varchar not null, effect varchar, stopped boolean,
    duration_days double[], duration_quote varchar
);

-- dose: one row per distinct dosing statement; mg and mg_per_day are [low, high] in milligrams.
create table if not exists dose (
    post_id varchar not null, position integer not null, substance varchar not null, quote varchar not null,
    mg double[], per_day double, mg_per_day double[], status varchar not null, role varchar, derivation varchar,
    span_start integer, span_end integer
);

-- outcome: one row per post x substance x domain x direction.
create table if not exists outcome (
    post_id varchar not null, position integer not null, substance varchar not null, domain varchar not null,
    direction varchar not null, quote varchar not null, span_start integer, span_end integer, detail varchar
);

-- side_effect: one row per post x substance x concept x presence.
create table if not exists side_effect (
    post_id varchar not null, position integer not null, substance varchar not null, concept varchar not null,
    present boolean not null, quote varchar not null, span_start integer, span_end integer, detail varchar
);

-- mention: one row per span that names something; spans are offsets into post.text.
create table if not exists mention (
    post_id varchar not null, position integer not null, kind varchar not null, concept varchar, substance varchar,
    quote varchar not null, span_start integer not null, span_end integer not null, assertion varchar not null,
    cue varchar, cue_start integer, cue_end integer, whose varchar not null, detail varchar
);

-- copy: one row per post that repeats an earlier one; copy_of: the first of its line. kind: exact, near, crosspost (by
-- the same author in another place, or declared), quote (a long passage of another's, with words of its own).
-- similarity: 0 to 1 on runs of five words; for a quote the share of the post that is copied.
create table if not exists copy (
    post_id varchar not null, copy_of varchar not null, kind varchar not null, similarity double not null
);

-- crawl: one row per source x crawl, as its ledger tells; written anew from the ledgers. approval: the basis, in words;
-- robots_sha256: of each robots.txt that was obeyed; answers: how many of each status, 0 for none; refused: addresses
-- that robots.txt forbids; chain: "ok", or where the ledger was changed after it was written.
create table if not exists crawl (
    source_id varchar not null, crawl_id varchar not null, kind varchar, approval varchar, approval_date varchar,
    terms varchar, terms_sha256 varchar, robots_sha256 varchar[] not null, user_agent varchar, requests integer not null,
    answers json not null, refused integer not null, bytes bigint not null, posts integer, started_at timestamptz,
    first_request_at timestamptz, last_request_at timestamptz, ended varchar, chain varchar not null
);

-- review: one row per judgement of a reader on one claim.
create table if not exists review (
    post_id varchar not null, field varchar not null, claim varchar not null, reviewer varchar not null,
    verdict varchar not null, correction varchar, reviewed_at timestamptz not null,
    primary key (post_id, field, claim, reviewer)
);

-- tombstone: one row per post that was erased: the hash of its id, and when.
create table if not exists tombstone (post_hash varchar primary key, erased_at timestamptz not null, reason varchar not null);

-- stale_post: one row per post that was read or changed since what is kept of its writer was worked out.
create table if not exists stale_post (post_id varchar not null);

-- accuracy: one row per reviewed sample x field x concept: how right the extractor was in it (pipeline/accuracy.py).
-- Fields of claims, a unit being a claim: tp found and there, fp found and not there, fn missed. Fields of a correction
-- ('improved', 'stopped', 'side_effect'), a unit being a post x treatment that reader and extractor both say was taken:
-- tp, fp, fn and tn (both say no). concept: the side effect, 'all' for all together. Null: the sample cannot tell.
-- Intervals are percentiles of a bootstrap over the sample's posts (Jeffreys' where nothing, or all, was wrong).
create table if not exists accuracy (
    sample varchar not null, field varchar not null, concept varchar not null, annotator varchar not null, version varchar not null,
    posts bigint not null, tp bigint not null, fp bigint not null, fn bigint, tn bigint,
    precision double, precision_low double, precision_high double, recall double, recall_low double, recall_high double,
    specificity double, specificity_low double, specificity_high double, made_at timestamptz not null
);

-- accuracy_draw: one row per line of accuracy that corrects a share: its recall and specificity in each draw of the
-- bootstrap, so that no post of the sample need be kept.
create table if not exists accuracy_draw (
    sample varchar not null, field varchar not null, concept varchar not null,
    recalls double[] not null, specificities double[] not null
);

-- published: one row per figure of a trial, cohort or label that a result is set beside (data/benchmarks.toml).
create table if not exists published (
    fact varchar not null, substance varchar not null, condition varchar not null, measure varchar not null, concept varchar,
    low double, high double, n bigint, design varchar, reference varchar not null, note varchar, checked boolean not null
);

-- erasure: one row per request to forget, or sweep: how many posts went and what of them; whose or which is not kept.
create table if not exists erasure (
    erased_at timestamptz not null, asked_by varchar not null, reason varchar not null, posts bigint not null,
    captures bigint not null, rows json not null, releases varchar[] not null
);

-- looked_at: one row per post that its source was asked for again, and when.
create table if not exists looked_at (post_id varchar primary key, asked_at timestamptz not null);

-- gone_post: one row per post that a crawl found deleted at its source, until it is erased everywhere; text: its last words,
-- by which pages of the archive that show it are found. It is empty but for the moment between the two.
create table if not exists gone_post (post_id varchar not null, text varchar not null);

-- release_post: one row per release x post that it held, so that who asks to be forgotten learns where they stand.
create table if not exists release_post (release varchar not null, level varchar not null, made_at timestamptz not null, post_hash varchar not null);

-- review_browsed: one row per judgement that a reader gave on what they came upon in the explorer: no drawn sample, so it
-- does not enter `accuracy`.
create table if not exists review_browsed (
    item varchar not null, post_id varchar not null, reviewer varchar not null, primary key (item, reviewer)
);

-- review_label: one row per judgement of a reader on one claim, as it came back; item: stable id of the claim.
create table if not exists review_label (
    item varchar not null, post_id varchar not null, text_hash varchar not null, field varchar not null,
    claim varchar not null, verdict varchar not null, reviewer varchar not null, "at" timestamptz not null,
    primary key (item, reviewer)
);
