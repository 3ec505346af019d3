-- Of the days of the period; a condition behind another.
and asked_questions.asked_at >= (select clock.period_start from clock)
and asked_questions.asked_at < (select clock.period_end from clock)
