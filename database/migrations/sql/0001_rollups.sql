-- Pre-aggregated figures. Kept by refresh_creator_dashboard_views(), read by the pages.
-- Nothing here depends on the clock: tiers and "active in 7 days" are computed when read.
-- No foreign keys to students and videos: a row that goes away is marked as stale like any change,
-- and through a foreign key whoever deletes it would wait for a running refresh, or deadlock with it.

-- One row per creator and student that is not deleted.
create table student_activity (
    creator_id uuid not null references creators (id) on delete cascade,
    student_id uuid not null,
    last_active timestamptz, -- newest sign of life; NULL: never started
    videos_watched integer not null,
    videos_completed integer not null, -- published videos only
    watched_share_sum numeric not null, -- percent, summed over started videos whose share is known
    watched_share_count integer not null,
    watch_seconds bigint not null,
    video_views bigint not null,
    chat_sessions integer not null,
    chat_messages integer not null,
    questions_asked integer not null,
    questions_answered integer not null,
    rating_sum numeric not null,
    rating_count integer not null,
    quiz_attempts integer not null,
    quizzes_passed integer not null,
    primary key (creator_id, student_id)
);

create index idx_student_activity_last_active on student_activity (creator_id, last_active desc);

-- One row per creator, student and session (signs of life with gaps of up to 30 minutes).
create table student_sessions (
    creator_id uuid not null references creators (id) on delete cascade,
    student_id uuid not null,
    started_at timestamptz not null,
    session_seconds numeric not null,
    primary key (creator_id, student_id, started_at)
);

create index idx_student_sessions_started_at on student_sessions (creator_id, started_at);

-- One row per creator and local day that had a sign of life.
create table daily_active_users (
    creator_id uuid not null references creators (id) on delete cascade,
    activity_date date not null,
    active_count integer not null,
    videos_watched integer not null,
    total_watch_time_seconds bigint not null,
    primary key (creator_id, activity_date)
);

-- One row per creator, local day and student with a sign of life.
create table daily_student_activity (
    creator_id uuid not null references creators (id) on delete cascade,
    activity_date date not null,
    student_id uuid not null,
    primary key (creator_id, activity_date, student_id)
);

create index idx_daily_student_activity_student on daily_student_activity (creator_id, student_id);

-- One row per creator, local day and local hour with a sign of life.
create table hourly_activity (
    creator_id uuid not null references creators (id) on delete cascade,
    activity_date date not null,
    hour smallint not null check (hour between 0 and 23),
    signs_of_life integer not null,
    primary key (creator_id, activity_date, hour)
);

-- One row per creator and video that is not deleted.
create table video_analytics (
    creator_id uuid not null references creators (id) on delete cascade,
    video_id uuid not null,
    unique_viewers integer not null,
    total_views bigint not null,
    avg_watch_percentage numeric,
    completions integer not null,
    completion_rate numeric, -- percent; NULL: nobody started
    high_engagement_views integer not null,
    low_engagement_views integer not null,
    avg_drop_off_percentage numeric,
    total_watch_seconds bigint not null,
    last_watched_at timestamptz,
    primary key (creator_id, video_id)
);

-- One row per creator and question that at least two students asked.
create table most_asked_questions (
    creator_id uuid not null references creators (id) on delete cascade,
    question_key text not null,
    question text not null,
    ask_count integer not null,
    unique_askers integer not null,
    answered_count integer not null,
    avg_satisfaction numeric,
    last_asked_at timestamptz not null,
    primary key (creator_id, question_key)
);

-- One row per creator.
create table creator_totals (
    creator_id uuid primary key references creators (id) on delete cascade,
    total_students integer not null,
    total_videos integer not null,
    processed_videos integer not null,
    total_video_views bigint not null,
    videos_watched bigint not null,
    avg_watch_percentage numeric,
    total_watch_seconds bigint not null,
    total_chat_sessions bigint not null,
    total_chat_messages bigint not null,
    questions_asked bigint not null,
    questions_answered bigint not null,
    satisfaction_rate numeric,
    total_quiz_attempts bigint not null,
    quizzes_passed bigint not null,
    cached_at timestamptz not null
);

-- Named in the product's description.
create index idx_video_analytics_creator on video_analytics (creator_id);
create index idx_video_analytics_views on video_analytics (total_views desc);
create index idx_most_asked_questions_creator on most_asked_questions (creator_id);
create index idx_most_asked_questions_count on most_asked_questions (ask_count desc);
