-- The server also takes abbreviations, offsets and any spelling, of which the program knows nothing.
set local role dashboard_platform;

update creators
set timezone = time_zones.name
from time_zones
where
    lower(time_zones.name) = lower(creators.timezone)
    and time_zones.name <> creators.timezone;

update creators
set
    timezone_was = timezone,
    timezone = 'UTC'
where
    not exists (
        select
        from time_zones
        where time_zones.name = creators.timezone
    );

reset role;

alter table creators drop constraint creators_timezone_check;
alter table creators
add constraint timezone_is_one_of_time_zones foreign key (timezone) references time_zones (name);
