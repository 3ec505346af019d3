-- One row per question. With the column course, where the creator has several, behind the others: reports.exports.course_column.
with

-- include: queries/chat/steps/questions_found

select
    questions_found.asked_at as created_at,
    students.name,
    students.email,
    videos.title,
    coalesce(messages.content, archived.content) as content,
    questions_found.is_answered,
    case
        when archived.id is not null and questions_found.is_answered then cast(:answer_archived as text)
        else (
            select answers.content
            from chat_messages as answers
            where
                answers.creator_id = :creator_id
                and answers.session_id = questions_found.session_id
                and answers.role = 'assistant'
                and answers.sequence > messages.sequence
                and answers.created_at <= dashboard_now()
            order by answers.sequence
            limit 1
        )
    end as answer,
    round(questions_found.rating_hundredths::numeric, 2) as rating_percent,
    questions_found.session_id::text as conversation_id,
    questions_found.message_id::text as message_id,
    questions_found.student_id::text as student_id,
    videos.id::text as video_id{course}
from questions_found
left join chat_messages as messages
    on messages.creator_id = :creator_id
    and messages.id = questions_found.message_id
left join closed_chat_messages as archived
    on archived.creator_id = :creator_id
    and archived.session_id = questions_found.session_id
    and archived.id = questions_found.message_id
join students
    on students.creator_id = :creator_id
    and students.id = questions_found.student_id
left join videos
    on videos.creator_id = :creator_id
    and videos.id = questions_found.video_id
    and videos.deleted_at is null
where
    coalesce(messages.id, archived.id) is not null
    and case :rated
        when 'good' then questions_found.rating_hundredths >= :good_hundredths
        when 'bad' then questions_found.rating_hundredths < :good_hundredths
        when 'unrated' then questions_found.rating_hundredths is null
        else true
    end
