-- The questions of a generation up to the clock.
asked_questions.creator_id = :creator_id
and asked_questions.generation = (select clock.generation from clock)
and asked_questions.course = :course
and asked_questions.run = :run
and asked_questions.asked_at <= (select shown.instant from shown)
