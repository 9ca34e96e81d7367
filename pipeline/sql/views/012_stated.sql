-- stated_sex, stated_age: what a review's own columns say of the person, as the tables want it: female or male; whole years.
-- A range of ages ("45-54") is none: it does not say in which of the bands it lies.
create or replace macro stated_sex(words) as
    case when regexp_full_match(lower(trim(words)), 'f|female|woman') then 'female'
        when regexp_full_match(lower(trim(words)), 'm|male|man') then 'male' end;
create or replace macro stated_age(words) as
    case when try_cast(trim(words) as integer) between 1 and 104 then try_cast(trim(words) as integer) end;
