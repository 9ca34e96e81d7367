-- Everything that is kept of the persons in todo_report, worked out from their posts. In: todo_report, one row per
-- report of a person to be done (columns of kept_report). Each statement makes one temporary table, read from top to
-- bottom; rid numbers reports so that a later one of the same person has a higher number. Times are reckoned in
-- microseconds since 1970: taking one timestamptz from another goes by the calendar, and is many times slower.

create or replace temp table d_report as
select
    row_number() over (order by person_id, coalesce(posted_at, '1900-01-01'::timestamptz), post_id) as rid,
    dense_rank() over (order by person_id) as person, *
from todo_report;

create or replace temp table d_person as
select
    person, any_value(person_id) as person_id, bool_or(person_unknown) as person_unknown, any_value(reporter) as reporter,
    arg_max(sex, rid) filter (sex is not null) as sex, arg_max(age_years, rid) filter (age_years is not null) as age_years
from d_report group by person;

create or replace temp table d_dose as
select
    r.rid, r.person, d.substance, r.post_id, r.posted_at, d.mg_per_day[1] as low, d.mg_per_day[2] as mg, d.role,
    -- Within a post the roles tell the order; among equals, the order of the words.
    r.rid * 100000 + case d.role when 'start' then 0 when 'step' then 1 when 'maintenance' then 3 when 'current' then 4
        when 'taper' then 5 else 2 end * 10000 + least(d.position, 9999) as place
from d_report r join dose d using (post_id)
where d.status = 'taken' and d.mg_per_day is not null;

create or replace temp table d_outcome as
select r.rid, r.person, o.substance, o.domain, case o.direction when 'improved' then 1 when 'unchanged' then 2 else 3 end as rank
from d_report r join outcome o using (post_id);

create or replace temp table d_side_effect as
select r.rid, r.person, s.substance, s.concept, s.present from d_report r join side_effect s using (post_id);

-- d_told: one row per report x treatment taken. A daily dose taken, an outcome or a side effect of a treatment that the
-- report has no line for tells that it was taken.
create or replace temp table d_told as
with lines as (
    select r.rid, r.person, t.substance, t.status, t.effect, t.stopped, (t.duration_days[1] + t.duration_days[2]) / 2 as days
    from d_report r join treatment t using (post_id)
),
implied as (
    select rid, person, substance from d_dose
    union select rid, person, substance from d_outcome
    union select rid, person, substance from d_side_effect
),
alone as (select * from implied anti join lines using (rid, substance)),
final as (
    select rid, person, substance, nullif(effect, 'unclear') as effect, stopped, days from lines where status = 'taken'
    union all
    select rid, person, substance, null, null, null from alone
)
select f.*, r.posted_at, r.source_id, r.year, r.conditions
from final f join d_report r using (rid);

-- d_of: which reports count for which course. 'any': all that tell of the treatment. A condition: those that name it,
-- and those that name none, since who named it once need not name it again.
create or replace temp table d_of as
with named as (select distinct person, substance, unnest(conditions) as condition from d_told)
select person, substance, 'any' as condition, rid from d_told
union all
select t.person, t.substance, n.condition, t.rid
from d_told t join named n using (person, substance)
where len(t.conditions) = 0 or list_contains(t.conditions, n.condition);

create or replace temp table d_outcome_course as
select
    person, substance, condition, domain, min(rank) as best, arg_max(rank, rid * 4 + rank) as last,
    count(distinct rid) as posts, min(rank) <> max(rank) as contradicted
from d_of join d_outcome using (person, substance, rid)
group by all;

-- d_benefit: the first report of a benefit: the effect as a whole, or any domain improved.
create or replace temp table d_benefit as
with good as (
    select person, substance, rid from d_told where effect in ('worked', 'partly')
    union all
    select person, substance, rid from d_outcome where rank = 1
)
select person, substance, condition, min(rid) as benefit_rid
from d_of join good using (person, substance, rid)
group by all;

create or replace temp table d_dose_course as
with placed as (
    select
        person, substance, condition, rid, place, mg, role,
        lag(mg) over (partition by person, substance, condition order by place) as before
    from d_of join d_dose using (person, substance, rid)
)
select
    person, substance, condition, count(*) as doses, arg_min(mg, place) as first, arg_max(mg, place) as last,
    max(mg) as peak, count(*) filter (mg > before) as up, count(*) filter (mg < before) as down,
    arg_min(mg, place) filter (role = 'effective') as stated_effective,
    max(mg) filter (rid = benefit_rid) as at_benefit,
    arg_max(mg, place) filter (rid < benefit_rid) as before_benefit
from placed left join d_benefit using (person, substance, condition)
group by all;

create or replace temp table d_side_effect_course as
with told as (
    select person, substance, condition, concept, bool_or(present) as present, bool_or(not present) as denied,
        min(rid) filter (present) as told_rid
    from d_of join d_side_effect using (person, substance, rid)
    group by all
)
-- The dose: the highest of the report that tells of the effect, else the last stated before.
select t.person, t.substance, t.condition, t.concept, any_value(t.present) as present, any_value(t.denied) as denied,
    coalesce(max(d.mg) filter (d.rid = t.told_rid), arg_max(d.mg, d.place) filter (d.rid < t.told_rid)) as mg_per_day
from told t left join (select o.condition, d.* from d_of o join d_dose d using (person, substance, rid)) d
    on d.person = t.person and d.substance = t.substance and d.condition = t.condition and d.rid <= t.told_rid
group by t.person, t.substance, t.condition, t.concept;

-- A list is sorted when it is whole: sorting while it is gathered takes seven times as long.
create or replace temp table d_outcomes as
select person, substance, condition, count(*) filter (contradicted) as contradictions,
    list_sort(list(struct_pack(domain := domain, best := ['improved', 'unchanged', 'worsened'][best],
        "last" := ['improved', 'unchanged', 'worsened'][last], posts := posts, contradicted := contradicted))) as outcomes
from d_outcome_course group by all;

create or replace temp table d_side_effects as
select person, substance, condition, count(*) filter (present and denied) as contradictions,
    list_sort(list(struct_pack(concept := concept, mg_per_day := mg_per_day, denied_too := denied)) filter (present)) as side_effects,
    list_sort(list(concept) filter (not present)) as denied
from d_side_effect_course group by all;

create or replace temp table d_grouped as
select
    person, substance, condition, count(*) as posts, min(posted_at) as first_post_at, max(posted_at) as last_post_at,
    arg_min(source_id, rid) as source_id, count(distinct source_id) as sources, arg_min(year, rid) as year,
    make_timestamptz(least(min(epoch_us(posted_at)), min(epoch_us(posted_at) - round(days * 86400e6)::bigint))) as started_at,
    bool_or(days is not null and posted_at is not null) as start_stated,
    coalesce(arg_max(effect, rid) filter (effect is not null), 'unclear') as effect,
    coalesce(arg_min(effect, case effect when 'worked' then 1 when 'partly' then 2 when 'no_effect' then 3 else 4 end)
        filter (effect is not null), 'unclear') as best_effect,
    count(effect) as effects_stated, count(distinct effect) > 1 as contradicted,
    arg_max(stopped, rid) filter (stopped is not null) as stopped,
    min(rid) filter (stopped) as stop_rid, arg_min(posted_at, rid) filter (stopped) as stop_at,
    arg_min(coalesce(days, -1), rid) filter (stopped) as stop_days,
    arg_min(effect, rid) filter (stopped and effect is not null) as stop_effect,
    max(days) as longest_days
from d_of join d_told using (person, substance, rid)
group by all;

create or replace temp table d_stopped_with as
select distinct g.person, g.substance, g.condition
from d_grouped g join d_side_effect s on s.rid = g.stop_rid and s.substance = g.substance
where s.present and s.concept <> 'withdrawal';

insert into kept_course
with benefits as (
    select b.*, t.posted_at as benefit_at, t.days as benefit_days
    from d_benefit b join d_told t on t.rid = b.benefit_rid and t.person = b.person and t.substance = b.substance
),
joined as (
    select
        g.*, s.person is not null as stopped_harmed, b.benefit_rid is not null as effect_observed, b.benefit_days,
        (epoch_us(b.benefit_at) - epoch_us(g.started_at)) / 86400e6 as benefit_after,
        (epoch_us(g.last_post_at) - epoch_us(g.started_at)) / 86400e6 as follow_up,
        (epoch_us(g.stop_at) - epoch_us(g.started_at)) / 86400e6 as stop_after
    from d_grouped g
    left join benefits b using (person, substance, condition)
    left join d_stopped_with s using (person, substance, condition)
)
select
    p.person_id, j.substance, j.condition, p.person_unknown, p.reporter, j.source_id, j.sources, j.year, p.sex,
    p.age_years, j.posts, j.first_post_at, j.last_post_at, j.started_at,
    case when j.started_at is not null then if(start_stated, 'stated', 'first post') end as start_basis, follow_up,
    coalesce(d.doses, 0), d.first, d.last, d.peak,
    coalesce(d.stated_effective, d.at_benefit, d.before_benefit),
    case when d.stated_effective is not null then 'stated' when d.at_benefit is not null then 'same post'
        when d.before_benefit is not null then 'last dose before' end,
    coalesce(d.up, 0), coalesce(d.down, 0), effect, best_effect, effects_stated, j.contradicted,
    j.contradicted::bigint + coalesce(o.contradictions, 0) + coalesce(s.contradictions, 0),
    coalesce(o.outcomes, []),
    -- A benefit in the first report, with no word of how long: nobody can tell when it came.
    case when effect_observed then if(benefit_after > 0, benefit_after, benefit_days) else nullif(follow_up, 0) end,
    effect_observed, stopped,
    case when stop_rid is null then null when stopped_harmed then 'side effects' when stop_effect in ('no_effect', 'harmful') then stop_effect
        when stop_effect in ('worked', 'partly') then 'benefit' else 'not said' end,
    longest_days,
    case when stop_rid is not null then if(stop_days >= 0, stop_days, nullif(stop_after, 0))
        else coalesce(nullif(greatest(follow_up, longest_days), 0), nullif(longest_days, 0)) end,
    stop_rid is not null, coalesce(s.side_effects, []), coalesce(s.denied, [])
from joined j join d_person p using (person)
left join d_dose_course d using (person, substance, condition)
left join d_outcomes o using (person, substance, condition)
left join d_side_effects s using (person, substance, condition);

insert into kept_report
select post_id, person_id, row_number() over (partition by person order by rid), source_id, thread_id, posted_at, year,
    person_unknown, reporter, conditions, age_years, sex, language, topics,
    rid in (select rid from d_outcome union all select rid from d_told where effect is not null)
from d_report;

insert into kept_outcome
select person_id, substance, condition, domain, ['improved', 'unchanged', 'worsened'][best],
    ['improved', 'unchanged', 'worsened'][last], posts, contradicted
from d_outcome_course join d_person using (person);

insert into kept_side_effect
select person_id, substance, condition, concept, present, denied, mg_per_day
from d_side_effect_course join d_person using (person);

insert into kept_dose
with started as (select person, substance, started_at from d_grouped where condition = 'any'),
counted as (select * from d_dose semi join d_told using (rid, substance)),
placed as (
    select *, row_number() over (partition by person, substance order by place) as step
    from counted join started using (person, substance)
)
select
    p.person_id, d.substance, d.post_id, d.step, d.posted_at, (epoch_us(d.posted_at) - epoch_us(d.started_at)) / 86400e6,
    d.low, d.mg, d.role
from placed d join d_person p using (person);

insert into kept_said
with named as (
    select person, substance, string_agg(condition, '|' order by condition) as conditions
    from d_grouped where condition <> 'any' group by all
),
base as (
    select
        person, substance, p.person_id, d.peak, g.source_id, coalesce(g.year::varchar, 'not said') as year,
        coalesce(p.sex, 'not said') as sex,
        case
            when p.age_years is null then 'not said' when p.age_years < 18 then '0-17' when p.age_years < 30 then '18-29'
            when p.age_years < 45 then '30-44' when p.age_years < 60 then '45-59' else '60+'
        end as age,
        coalesce(n.conditions, 'not said') as conditions, g.effect
    from (from d_grouped where condition = 'any') g
    join d_person p using (person)
    left join named n using (person, substance)
    left join (from d_dose_course where condition = 'any') d using (person, substance)
),
said as (
    select person, substance, domain, last = 1 as improved from d_outcome_course where condition = 'any'
    union all
    select person, substance, 'effect', effect in ('worked', 'partly') from base where effect <> 'unclear'
    union all
    select person, substance, 'taken', true from base
)
select person_id, substance, domain, improved, peak, source_id, year, sex, age, conditions
from said join base using (person, substance);
