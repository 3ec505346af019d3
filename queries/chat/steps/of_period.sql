-- On the days of the period; appended to another condition.
and asked_questions.asked_at >= (select clock.period_start from clock)
and asked_questions.asked_at < (select clock.period_end from clock)
