-- One row if the same input was imported with the same mapping and interrupted.
select
    number,
    id,
    position,
    is_first
from imports
where
    creator_id = :creator_id
    and state = 'running'
    and door = :door
    and ids_from = :ids_from
    and sha256 = :sha256
    and mapping is not distinct from cast(:mapping as text)
    and mapping_version is not distinct from cast(:mapping_version as integer)
order by number desc
limit 1
