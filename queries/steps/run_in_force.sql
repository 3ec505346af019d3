-- Follows a row called done, of a student in the course: the run in force at its instant. The enrolment in force is the newest
-- of those that cover it, otherwise the newest before it, otherwise the first after it; stays_at_level determines the same for
-- all instants of a student at once.
join enrolments as level_enrolments
    on level_enrolments.creator_id = done.creator_id
    and level_enrolments.student_id = done.student_id
join course_runs as level_runs
    on level_runs.creator_id = level_enrolments.creator_id
    and level_runs.id = level_enrolments.run_id
where level_runs.course_id = cast(:course_id as uuid)
order by
    (
        level_enrolments.enrolled_at <= done.instant
        and coalesce(level_enrolments.ended_at > done.instant, true)
    ) desc,
    (level_enrolments.enrolled_at <= done.instant) desc,
    case
        when level_enrolments.enrolled_at <= done.instant then level_enrolments.enrolled_at
    end desc nulls last,
    level_enrolments.enrolled_at asc,
    level_runs.number desc
limit 1
