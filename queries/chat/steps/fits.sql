-- Which fit the filters; a condition behind another.
and (cast(:video_id as uuid) is null or asked_questions.video_id = cast(:video_id as uuid))
and (:search = '' or asked_questions.wording ilike :search escape '\')
