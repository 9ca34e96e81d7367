-- Counts that change when posts are changed by somebody who does not name them.
select
    (select count(*) from report), (select count(*) from extraction), (select count(*) from treatment), (select count(*) from dose),
    (select count(*) from outcome), (select count(*) from side_effect),
    (select count(*) from post where status <> 'live'), (select count(*) > 0 from source where not invented)
