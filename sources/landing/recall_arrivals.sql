-- One row per student of these whose arrival nobody told, and who was there since another instant, by what is left.
update students
set created_at = remembered.first_at
from (
    select
        known.id,
        coalesce(
            least(
                (
                    select min(watch_segments.watched_at)
                    from watch_segments
                    where
                        watch_segments.creator_id = :creator_id
                        and watch_segments.student_id = known.id
                ),
                (
                    select min(video_progress.first_watched)
                    from video_progress
                    where
                        video_progress.creator_id = :creator_id
                        and video_progress.student_id = known.id
                ),
                (
                    select min(activity_events.occurred_at)
                    from activity_events
                    where
                        activity_events.creator_id = :creator_id
                        and activity_events.student_id = known.id
                ),
                (
                    select min(quiz_attempts.completed_at)
                    from quiz_attempts
                    where
                        quiz_attempts.creator_id = :creator_id
                        and quiz_attempts.student_id = known.id
                ),
                (
                    select min(chat_messages.created_at)
                    from chat_messages
                    where
                        chat_messages.creator_id = :creator_id
                        and chat_messages.student_id = known.id
                ),
                (
                    select min(enrolments.enrolled_at)
                    from enrolments
                    where
                        enrolments.creator_id = :creator_id
                        and enrolments.student_id = known.id
                        and enrolments.follows_arrival is not true
                )
            ),
            dashboard_now()
        ) as first_at
    from students as known
    where
        known.creator_id = :creator_id
        and not known.is_arrival_known
        and (
            :everybody
            or known.id = any(cast(:students as uuid[]))
        )
) as remembered
where
    students.creator_id = :creator_id
    and students.id = remembered.id
    and students.created_at <> remembered.first_at
