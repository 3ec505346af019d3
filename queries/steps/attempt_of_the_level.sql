-- A condition on quiz_attempts: at the level's course, by one of its members, and in its run.
:course = 0
or (
    exists (
        select
        from quizzes as level_quizzes
        where
            level_quizzes.creator_id = quiz_attempts.creator_id
            and level_quizzes.id = quiz_attempts.quiz_id
            and level_quizzes.course_id = cast(:course_id as uuid)
    )
    and exists (
        select
        from enrolments as level_members
        join course_runs as level_runs
            on level_runs.creator_id = level_members.creator_id
            and level_runs.id = level_members.run_id
        where
            level_members.creator_id = quiz_attempts.creator_id
            and level_members.student_id = quiz_attempts.student_id
            and level_runs.course_id = cast(:course_id as uuid)
            and (level_members.ended_at is null or level_members.ended_at > dashboard_now())
    )
    and (
        :run = 0
        or :run = (
            select level_runs.number
            from (
                select
                    quiz_attempts.creator_id,
                    quiz_attempts.student_id,
                    quiz_attempts.completed_at as instant
            ) as done
            -- include: queries/steps/run_in_force
        )
    )
)
