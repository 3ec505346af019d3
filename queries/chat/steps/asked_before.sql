-- Those of the days that the period is compared with, which may belong to another run.
asked_questions.creator_id = :creator_id
and asked_questions.generation = (select clock.generation from clock)
and asked_questions.course = :compared_course
and asked_questions.run = :compared_run
and asked_questions.asked_at <= (select shown.instant from shown)
and asked_questions.asked_at >= (select clock.before_start from clock)
and asked_questions.asked_at < (select clock.before_end from clock)
