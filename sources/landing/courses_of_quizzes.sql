-- One row per quiz that nobody put into a course: it belongs to that of its video.
update quizzes
set course_id = videos.course_id
from videos
where
    quizzes.creator_id = :creator_id
    and quizzes.id = any(cast(:ids as uuid[]))
    and quizzes.import_number = 0
    and videos.creator_id = :creator_id
    and videos.id = quizzes.video_id
    and videos.course_id <> quizzes.course_id
