-- Which generation is shown.

-- The generation of each creator that readers see, with the zone whose days it counts.
create or replace view shown_generations with (security_invoker = true) as
select
    creator_id,
    generation,
    timezone
from creator_generations
where state = 'shown';

grant select on shown_generations to dashboard_app;
