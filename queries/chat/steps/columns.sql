-- The columns that messages_found has of a question.
asked_questions.message_id,
asked_questions.question_key,
asked_questions.student_id,
asked_questions.video_id,
asked_questions.wording,
asked_questions.asked_at,
asked_questions.is_answered,
asked_questions.rating_hundredths
