-- Where the ending of a video begins.

-- How much of the end of a video, in hundredths of a second, need not be reached: 2% or ten seconds, whichever is more, but at
-- most a tenth.
create or replace function hundredths_of_credits(length_seconds integer)
returns bigint
language sql
immutable
parallel safe
as $$
    select least(greatest(2 * length_seconds::bigint, 1000), 10 * length_seconds::bigint);
$$;

revoke execute on function hundredths_of_credits(integer) from public;
