-- Mentions keep their particulars; those read before have none until their posts are read again.
alter table mention add column if not exists detail varchar;
-- Nothing was ever written into it: schema.sql makes it anew.
drop table if exists accuracy;
