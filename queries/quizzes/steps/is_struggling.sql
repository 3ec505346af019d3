-- A condition on quiz_totals: which quizzes count as struggling.
quiz_totals.attempts >= :least_attempts
and quiz_totals.attempts - quiz_totals.passed > :struggling_share * quiz_totals.attempts
