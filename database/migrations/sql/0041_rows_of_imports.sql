-- The import that last wrote a row. NULL: none did; 0: nobody described it, and it is there because something refers to it.
alter table students add column import_number integer;
alter table courses add column import_number integer;
alter table course_runs add column import_number integer;
alter table enrolments add column import_number integer;
alter table videos add column import_number integer;
alter table video_progress add column import_number integer;
alter table watch_segments add column import_number integer;
alter table retention_points add column import_number integer;
alter table activity_events add column import_number integer;
alter table chat_sessions add column import_number integer;
alter table chat_messages add column import_number integer;
alter table quizzes add column import_number integer;
alter table quiz_questions add column import_number integer;
alter table quiz_attempts add column import_number integer;
alter table quiz_answers add column import_number integer;

-- What no source said follows from what it did say. NULL in all rows that were there before: they stay as they are.
alter table students add column is_arrival_known boolean; -- false: created_at is the first instant at which anything is known
alter table enrolments add column follows_arrival boolean; -- enrolled_at is the student's created_at
alter table chat_sessions add column is_by_gaps boolean; -- its messages are those with gaps up to 30 minutes
alter table quiz_attempts add column given_number integer check (given_number >= 1); -- NULL: counted in order of their instants
alter table quiz_attempts add column is_of_answers boolean; -- its score is the share of its answers that are correct
alter table quiz_answers add column answered_at timestamptz
check (answered_at >= '1990-01-01 00:00:00+00' and answered_at < '2100-01-01 00:00:00+00'); -- NULL: when the attempt was completed
alter table chat_messages add column video_second integer check (video_second >= 0); -- what it is about
