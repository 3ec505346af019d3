-- It tells more now, which takes a new function.
drop function if exists days_of_changes(uuid, integer, text, uuid[], uuid[], timestamptz[], uuid[], timestamptz[], timestamptz[]);
