-- An invented corpus, drawn by a fixed hash: two or three reports a person, five mentions a report.
insert into source select 'bench_' || s, 'board', 'bench', false, null, null, now(), now() from range(4) t(s);
create temp table drawn as
select i, 'bench:' || lpad(i::varchar, 9, '0') as post_id, 'w' || (hash(i // 5 * 7 + i % 5 // 2) % {persons}) as author,
    '2015-01-01'::timestamptz + to_days((hash(i) % 3600)::int) as posted_at,
    ['baclofen', 'naltrexone', 'acamprosate', 'disulfiram', 'gabapentin'][(hash(i * 3) % 5)::int + 1] as substance,
    ['worked', 'partly', 'no_effect', 'harmful', 'unclear', 'unclear'][(hash(i * 5) % 6)::int + 1] as effect
from range({start}, {stop}) t(i);
insert into post select post_id, 'bench_' || hash(author) % 4, i::varchar, 'bench:' || (i // 20), null, author, posted_at, null, null, null,
    'I took it as my doctor said, for ' || i || ' days, and it was much like what others wrote of it here before.',
    [], null, null,
    null, 'en', 'live', posted_at, '', null, null, null, null, null, null, '{{}}' from drawn;
insert into extraction select post_id, '', '1', posted_at, 'en', null from drawn;
insert into report select post_id, 'self', if(i % 3 = 0, ['alcohol_use'], if(i % 7 = 0, ['anxiety'], [])),
    if(hash(i * 29) % 4 = 0, 18 + hash(author) % 60, null), if(hash(i * 31) % 3 = 0, if(hash(author) % 2 = 0, 'female', 'male'), null), ''
    from drawn;
insert into treatment select post_id, substance, 'taken', effect, if(i % 6 = 0, true, null), if(i % 9 = 0, [30.0, 30.0], null), null from drawn;
insert into dose select post_id, 0, substance, 'q', null, null, [d, d], 'taken', null, null, 1, 2
    from (select *, ((hash(i * 11) % 30) + 1) * 10.0 as d from drawn);
insert into outcome select post_id, 0, substance, ['craving', 'use', 'mood', 'sleep', 'pain'][(hash(i * 13) % 5)::int + 1],
    ['improved', 'improved', 'unchanged', 'worsened'][(hash(i * 17) % 4)::int + 1], 'q', 3, 4, null from drawn;
insert into side_effect select post_id, k, substance, 'effect_' || (hash(i * 19 + k) % 60), hash(i * 23 + k) % 5 > 0, 'q', 5, 6, null
    from drawn, range(2) r(k);
insert into mention select post_id, k, ['treatment', 'dose', 'outcome', 'side_effect', 'side_effect'][k + 1], null, substance, 'q',
    (k * 2 + 1)::int, (k * 2 + 2)::int, 'present', null, null, null, 'self', null from drawn, range(5) r(k);
insert into stale_post select post_id from drawn;
drop table drawn;
