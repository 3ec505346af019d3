-- What the learning platform tells us. Every key starts with creator_id, so that no row can
-- point across creators and the schema can be distributed by creator.

create table creators (
    id uuid primary key default gen_random_uuid(),
    name text not null check (length(trim(name)) between 1 and 200),
    subscription_tier text not null default 'basic' check (subscription_tier in ('basic', 'pro', 'enterprise')),
    -- An unknown zone makes the expression raise, so it can never be stored.
    timezone text not null default 'UTC' check (timestamptz '2000-01-01 00:00:00+00' at time zone timezone is not null),
    created_at timestamptz not null default dashboard_now()
);

create table students (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    external_id text not null default gen_random_uuid()::text,
    name text not null,
    email text,
    xp_points integer not null default 0,
    level integer not null default 1,
    streak_days integer not null default 0,
    -- The platform's own stamp. Figures use signs of life: a platform that fills this
    -- with the time of enrolment would make students look active who never started.
    last_active timestamptz,
    created_at timestamptz not null default dashboard_now(),
    deleted_at timestamptz,
    primary key (creator_id, id),
    unique (creator_id, external_id)
);

create table videos (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    title text not null,
    description text not null default '',
    category text,
    tags text[] not null default '{}',
    difficulty_level text check (difficulty_level in ('beginner', 'intermediate', 'advanced')),
    duration_seconds integer check (duration_seconds >= 0),
    position integer not null default 0,
    -- "completed" means processed: only then a student can watch it.
    status text not null default 'uploaded' check (status in ('uploaded', 'processing', 'completed', 'failed')),
    storage_key text,
    transcript text,
    created_at timestamptz not null default dashboard_now(),
    updated_at timestamptz not null default dashboard_now(),
    deleted_at timestamptz,
    primary key (creator_id, id)
);

create table video_progress (
    creator_id uuid not null,
    student_id uuid not null,
    video_id uuid not null,
    first_watched timestamptz not null,
    last_watched timestamptz not null,
    watch_duration integer check (watch_duration >= 0), -- seconds; NULL: the platform did not say
    watch_percentage numeric check (watch_percentage between 0 and 100), -- NULL: the platform did not say
    completed boolean not null default false,
    primary key (creator_id, student_id, video_id),
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade,
    foreign key (creator_id, video_id) references videos (creator_id, id) on delete cascade,
    check (first_watched <= last_watched)
);

create table watch_segments (
    creator_id uuid not null,
    id uuid not null default gen_random_uuid(),
    student_id uuid not null,
    video_id uuid not null,
    start_second integer not null check (start_second >= 0),
    end_second integer not null,
    watched_at timestamptz not null,
    primary key (creator_id, id),
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade,
    foreign key (creator_id, video_id) references videos (creator_id, id) on delete cascade,
    check (end_second >= start_second)
);

create table retention_points (
    creator_id uuid not null,
    video_id uuid not null,
    position_percent numeric not null check (position_percent between 0 and 100),
    viewers_percent numeric not null check (viewers_percent between 0 and 100),
    primary key (creator_id, video_id, position_percent),
    foreign key (creator_id, video_id) references videos (creator_id, id) on delete cascade
);

create table activity_events (
    creator_id uuid not null,
    id uuid not null default gen_random_uuid(),
    student_id uuid not null,
    video_id uuid, -- NULL: about no video
    kind text not null,
    occurred_at timestamptz not null,
    primary key (creator_id, id),
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade,
    foreign key (creator_id, video_id) references videos (creator_id, id) on delete cascade
);

create table chat_sessions (
    creator_id uuid not null,
    id uuid not null default gen_random_uuid(),
    student_id uuid not null,
    started_at timestamptz not null,
    primary key (creator_id, id),
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade
);

-- Which questions are the same question: the set of their meaning-bearing words. Case, order,
-- punctuation, politeness, articles and question words do not tell questions apart; "not" does.
create function question_key(content text)
returns text
language sql
immutable
parallel safe
as $$
    select md5(coalesce(nullif(string_agg(distinct word, ' ' order by word) filter (where meaning), ''), string_agg(word, ' ' order by place)))
    from (
        select
            regexp_replace(token, '([^s])s$', '\1') as word,
            place,
            token <> all (array[
                'a', 'an', 'the', 'this', 'that', 'i', 'im', 'me', 'my', 'we', 'you', 'your', 'it', 'its',
                'is', 'are', 'am', 'be', 'was', 'were', 'do', 'does', 'did', 'can', 'could', 'should', 'would', 'will',
                'how', 'what', 'whats', 'which', 'there', 'to', 'of', 'in', 'on', 'for', 'and', 'so',
                'please', 'pls', 'hi', 'hello', 'hey', 'thanks', 'explain', 'tell', 'help', 'again'
            ]) as meaning
        from regexp_split_to_table(
            regexp_replace(lower(content), '[''’]', '', 'g'),
            '[[:space:][:punct:]…“”‘«»¿¡、。？！]+'
        ) with ordinality as tokens (token, place)
        where token <> ''
    ) as words;
$$;

grant execute on function question_key(text) to dashboard_app;

create table chat_messages (
    creator_id uuid not null,
    id uuid not null default gen_random_uuid(),
    session_id uuid not null,
    student_id uuid not null,
    video_id uuid,
    role text not null check (role in ('user', 'assistant')),
    content text not null,
    helpful_rating numeric check (helpful_rating between 0 and 1),
    created_at timestamptz not null,
    question_key text generated always as (case when role = 'user' then question_key(content) end) stored,
    primary key (creator_id, id),
    foreign key (creator_id, session_id) references chat_sessions (creator_id, id) on delete cascade,
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade,
    foreign key (creator_id, video_id) references videos (creator_id, id) on delete cascade
);

create table quizzes (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    video_id uuid,
    title text not null,
    position integer not null default 0,
    status text not null default 'published' check (status in ('draft', 'published')),
    created_at timestamptz not null default dashboard_now(),
    deleted_at timestamptz,
    primary key (creator_id, id),
    foreign key (creator_id, video_id) references videos (creator_id, id) on delete cascade
);

create table quiz_questions (
    creator_id uuid not null,
    id uuid not null default gen_random_uuid(),
    quiz_id uuid not null,
    position integer not null,
    kind text not null default 'multiple_choice' check (kind in ('multiple_choice', 'fill_in_the_blank')),
    prompt text not null,
    options jsonb not null default '[]',
    correct_answer text, -- NULL: the platform only says whether an answer was right
    primary key (creator_id, id),
    foreign key (creator_id, quiz_id) references quizzes (creator_id, id) on delete cascade
);

create table quiz_attempts (
    creator_id uuid not null,
    id uuid not null default gen_random_uuid(),
    quiz_id uuid not null,
    student_id uuid not null,
    attempt_number integer not null check (attempt_number >= 1),
    score_percent numeric not null check (score_percent between 0 and 100),
    passed boolean not null,
    time_taken_seconds integer check (time_taken_seconds >= 0),
    completed_at timestamptz not null,
    primary key (creator_id, id),
    unique (creator_id, quiz_id, student_id, attempt_number),
    foreign key (creator_id, quiz_id) references quizzes (creator_id, id) on delete cascade,
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade
);

create table quiz_answers (
    creator_id uuid not null,
    attempt_id uuid not null,
    question_id uuid not null,
    answer text,
    is_correct boolean not null,
    primary key (creator_id, attempt_id, question_id),
    foreign key (creator_id, attempt_id) references quiz_attempts (creator_id, id) on delete cascade,
    foreign key (creator_id, question_id) references quiz_questions (creator_id, id) on delete cascade
);

-- Named in the product's description.
create index idx_students_creator on students (creator_id);
create index idx_students_last_active on students (last_active desc);

-- Foreign keys and the refresh look rows up by student, video and time.
create index idx_video_progress_video on video_progress (creator_id, video_id);
create index idx_video_progress_first_watched on video_progress (creator_id, first_watched);
create index idx_video_progress_last_watched on video_progress (creator_id, last_watched);
create index idx_watch_segments_student on watch_segments (creator_id, student_id, video_id, watched_at);
create index idx_watch_segments_video on watch_segments (creator_id, video_id);
create index idx_watch_segments_watched_at on watch_segments (creator_id, watched_at);
create index idx_activity_events_student on activity_events (creator_id, student_id);
create index idx_activity_events_video on activity_events (creator_id, video_id);
create index idx_activity_events_occurred_at on activity_events (creator_id, occurred_at);
create index idx_chat_sessions_student on chat_sessions (creator_id, student_id);
create index idx_chat_messages_session on chat_messages (creator_id, session_id, created_at, id);
create index idx_chat_messages_student on chat_messages (creator_id, student_id);
create index idx_chat_messages_video on chat_messages (creator_id, video_id);
create index idx_chat_messages_created_at on chat_messages (creator_id, created_at);
create index idx_chat_messages_question on chat_messages (creator_id, question_key);
create index idx_quizzes_video on quizzes (creator_id, video_id);
create index idx_quiz_questions_quiz on quiz_questions (creator_id, quiz_id);
create index idx_quiz_attempts_student on quiz_attempts (creator_id, student_id);
create index idx_quiz_attempts_completed_at on quiz_attempts (creator_id, completed_at);
create index idx_quiz_answers_question on quiz_answers (creator_id, question_id);
