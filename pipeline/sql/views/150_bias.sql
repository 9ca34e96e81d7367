-- bias: one row per way in which who writes differs from who takes: numerator of denominator (unit says of what), with
-- the share and its Wilson interval; missing: of how many it cannot be told. group: the source, year, language … meant.
create or replace view bias as
with writers as (select person_id, count(*) as posts from kept_report where not person_unknown group by person_id),
-- How many persons wrote so many posts: few rows, so that the first n persons are found without ranking each.
sizes as (select posts, count(*) as persons from writers group by posts),
ranks as (
    select *, sum(persons) over () as all_persons, sum(persons) over (order by posts desc) - persons as before from sizes
),
first_posts as (
    select posts, persons, posts * greatest(0, least(persons, ceil(all_persons / 100) - before)) as of_percent,
        posts * greatest(0, least(persons, 10 - before)) as of_ten
    from ranks
),
known as (select count(*) as posts, count(*) filter (person_unknown) as unknown from kept_report),
threads as (select thread_id, count(*) as posts from post where thread_id is not null group by thread_id),
told as (select thread_id, count(*) as reports from kept_report group by thread_id),
courses as (select * from kept_course where condition = 'any'),
counts as (
    select 1 as position, 'prolific' as kind, 'the most prolific 1 % of persons' as "group", 'reports' as unit,
        coalesce(sum(of_percent), 0)::bigint as numerator,
        coalesce(sum(posts * persons), 0)::bigint as denominator, (select unknown from known) as missing from first_posts
    union all
    select 1, 'prolific', 'the ten most prolific persons', 'reports', coalesce(sum(of_ten), 0)::bigint,
        coalesce(sum(posts * persons), 0)::bigint, (select unknown from known) from first_posts
    union all
    select 2, 'newcomers', 'persons with a single report', 'persons', coalesce(sum(persons) filter (posts = 1), 0)::bigint,
        coalesce(sum(persons), 0)::bigint, (select unknown from known) from sizes
    union all
    select 3, 'survivors', 'persons who write of success only', 'courses',
        count(*) filter (best_effect in ('worked', 'partly') and not contradicted and effect in ('worked', 'partly')
            and (effects_stated = posts)), count(*) filter (effect <> 'unclear'), count(*) filter (effect = 'unclear') from courses
    union all
    select 4, 'contradictions', 'courses that contradict themselves', 'courses', count(*) filter (contradictions > 0), count(*), 0 from courses
    union all
    select 5, 'busy threads', 'reports in threads of 50 posts and more', 'reports', coalesce(sum(reports) filter (t.posts >= 50), 0)::bigint,
        coalesce(sum(reports) filter (t.posts is not null), 0)::bigint, coalesce(sum(reports) filter (t.posts is null), 0)::bigint
    from told left join threads t using (thread_id)
    union all
    select 6, 'topic', topic, 'reports', count(*) filter (list_contains(topics, topic)), count(*), 0
    from kept_report cross join (select unnest(['book', 'doctor']) as topic) group by topic
    union all
    select 7, 'source', source_id, 'reports', count(*), (select posts from known), 0 from kept_report group by source_id
    union all
    select 8, 'year', year::varchar, 'reports', count(*), (select count(year) from kept_report), (select count(*) - count(year) from kept_report)
    from kept_report where year is not null group by year
    union all
    select 9, 'language', coalesce(language, 'not known'), 'reports', count(*), (select posts from known), 0 from kept_report group by language
    union all
    select 10, 'reporter', reporter, 'reports', count(*), (select posts from known), 0 from kept_report group by reporter
    union all
    select 11, 'unknown', 'author', 'reports', unknown, posts, 0 from known
    union all
    select 11, 'unknown', 'time of the post', 'reports', count(*) filter (posted_at is null), count(*), 0 from kept_report
    union all
    select 11, 'unknown', item, 'courses', unknown, total, 0
    from (
        select count(*) as total, unnest([
            struct_pack(item := 'sex', unknown := count(*) filter (sex is null)),
            struct_pack(item := 'age', unknown := count(*) filter (age_years is null)),
            struct_pack(item := 'dose', unknown := count(*) filter (doses = 0)),
            struct_pack(item := 'effect', unknown := count(*) filter (effect = 'unclear')),
            struct_pack(item := 'when it was started', unknown := count(*) filter (start_basis is distinct from 'stated')),
            struct_pack(item := 'whether it was stopped', unknown := count(*) filter (stopped is null))
        ], recursive := true) from courses
    ) where total > 0
)
select
    kind, "group", unit, numerator, denominator, missing, numerator / nullif(denominator, 0) as share,
    wilson_low(numerator, denominator, study.z) as low, wilson_high(numerator, denominator, study.z) as high
from counts cross join study
order by position, kind, numerator desc, "group";
