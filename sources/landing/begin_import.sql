-- One row: the new import.
insert into imports (
    creator_id,
    number,
    door,
    ids_from,
    file_name,
    sha256,
    mapping,
    mapping_version,
    author_id,
    author_name,
    lines_expected,
    is_first
)
select
    :creator_id,
    coalesce(max(imports.number), 0) + 1,
    :door,
    :ids_from,
    :file_name,
    :sha256,
    cast(:mapping as text),
    cast(:mapping_version as integer),
    cast(:author_id as uuid),
    :author_name,
    cast(:lines_expected as bigint),
    not exists (
        select
        from students
        where students.creator_id = :creator_id
    )
from imports
where imports.creator_id = :creator_id
returning
    number,
    id,
    position,
    is_first
