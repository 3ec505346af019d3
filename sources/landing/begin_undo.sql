-- One row, unless the import was undone already.
update imports
set state = 'undoing'
where
    creator_id = :creator_id
    and number = :number
    and state <> 'undone'
