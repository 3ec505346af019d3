-- What tells answers apart where they are part of a key.

-- What tells answers apart within a key; no answer has a key of its own.
create or replace function answer_key(answer text)
returns uuid
language sql
immutable
parallel safe
as $$
    select
        case
            when answer is null then '00000000-0000-0000-0000-000000000000'::uuid
            else encode(substring(sha256(convert_to(answer, 'UTF8')) for 16), 'hex')::uuid
        end;
$$;

revoke execute on function answer_key(text) from public;
