-- Which questions match the filters; appended to another condition.
and (cast(:video_id as uuid) is null or asked_questions.video_id = cast(:video_id as uuid))
and (:search = '' or asked_questions.wording ilike :search escape '\')
