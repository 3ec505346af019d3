-- Which questions match the filters; appended to another condition.
and (cast(:video_id as uuid) is null or asked_questions.video_id = cast(:video_id as uuid))
-- Within coalesce: of `like` the planner expects to find hardly anything.
and (
    :search = ''
    or coalesce(
        asked_questions.search_text like all(cast(:patterns as text[]))
        or (:part <> '' and asked_questions.wording ilike :part escape '\'),
        false
    )
)
