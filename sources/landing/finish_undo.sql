-- One row: the import, undone. What it said of rows that were there already is forgotten.
with forgotten as (
    delete from same_rows
    where
        creator_id = :creator_id
        and import_number = :number
)

update imports
set
    state = 'undone',
    undone_at = dashboard_now()
where
    creator_id = :creator_id
    and number = :number
