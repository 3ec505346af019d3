-- The chat in the core: the order of messages, the folds of conversations and questions, and the sums over questions.

-- Computed again by the first portions: see the end.
drop view questions_asked;
drop table most_asked_questions;
drop function refresh_questions(uuid, text[]);

-- Row level security binds the owner too, and what is only numbered has not changed: no mark, no change.
alter table chat_messages
drop column question_key,
add column sequence integer;

alter table chat_messages no force row level security;
alter table chat_messages disable trigger user;

update chat_messages
set sequence = numbered.place
from (
    select
        creator_id,
        id,
        row_number() over (partition by creator_id, session_id order by created_at, role = 'assistant', id) as place
    from chat_messages
) as numbered
where
    numbered.creator_id = chat_messages.creator_id
    and numbered.id = chat_messages.id;

alter table chat_messages enable trigger user;
alter table chat_messages force row level security;

alter table chat_messages
alter column sequence set not null,
add column question_key text generated always as (case when role = 'user' then question_key(content) end) stored,
-- Its index is what a conversation is refolded by. Deferrable, so that one statement may put messages in another order.
add constraint chat_messages_sequence unique (creator_id, session_id, sequence) deferrable;

comment on column chat_messages.sequence is 'The place of the message in its conversation; who does not say it writes the next.';

-- Nothing reads messages by the instant within a conversation, or by question, any more.
drop index idx_chat_messages_session;

-- Fold. One row per question: a message of a student who is not deleted, that asks something.
create table asked_questions (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    session_id uuid not null,
    message_id uuid not null,
    student_id uuid not null,
    video_id uuid, -- NULL: about no video
    question_key text not null,
    asked_at timestamptz not null,
    is_answered boolean not null,
    rating_hundredths integer, -- NULL: not rated
    wording text not null,
    primary key (creator_id, generation, course, run, session_id, message_id)
);

-- Covering: the questions of a period are counted without a look at their rows, which lie student by student.
create index idx_asked_questions_asked_at on asked_questions (creator_id, generation, course, run, asked_at)
include (question_key, student_id, video_id, is_answered, rating_hundredths);
create index idx_asked_questions_student on asked_questions (creator_id, generation, course, run, student_id, asked_at);
create index idx_asked_questions_video on asked_questions (creator_id, generation, course, run, video_id, asked_at);
create index idx_asked_questions_question on asked_questions (creator_id, generation, course, run, question_key, asked_at)
include (student_id);
create index idx_asked_questions_unanswered on asked_questions (creator_id, generation, course, run, asked_at) where not is_answered;

-- Fold. One row per conversation and student in it (who is not deleted).
create table conversations (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    session_id uuid not null,
    student_id uuid not null,
    started_at timestamptz, -- NULL: it is another student's, or it begins later
    messages integer not null,
    primary key (creator_id, generation, course, run, session_id, student_id)
);

create index idx_conversations_student on conversations (creator_id, generation, course, run, student_id);

-- Sum. One row per question that was asked.
create table question_totals (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    question_key text not null,
    messages integer not null default 0, -- of asked_questions, as the rest but people
    people integer not null default 0, -- rows of question_askers
    answered integer not null default 0,
    rating_sum bigint not null default 0, -- in hundredths
    rating_count integer not null default 0,
    primary key (creator_id, generation, course, run, question_key)
);

-- Named in the product's description.
create index idx_most_asked_questions_creator on question_totals (creator_id);
create index idx_most_asked_questions_count on question_totals (creator_id, generation, course, run, messages desc);

-- Sum. One row per question and student who asked it.
create table question_askers (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    question_key text not null,
    student_id uuid not null,
    messages integer not null default 0, -- of asked_questions
    primary key (creator_id, generation, course, run, question_key, student_id)
);

-- Sum. One row per question and wording.
create table question_wordings (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    question_key text not null,
    wording_key text not null generated always as (md5(wording)) stored, -- a wording may be too long for an index
    wording text not null,
    messages integer not null default 0, -- of asked_questions
    primary key (creator_id, generation, course, run, question_key, wording_key)
);

do $$
declare
    name text;
begin
    foreach name in array array[
        'asked_questions', 'conversations', 'question_totals', 'question_askers', 'question_wordings'
    ]
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy one_creator on %I using (creator_id = current_creator()) with check (creator_id = current_creator())',
            name
        );
        execute format('grant select on %I to dashboard_app', name);
    end loop;
end;
$$;

-- Whatever is there already is built by the first portions.
set local role dashboard_platform;
insert into changes (creator_id, kind, subjects)
select
    id,
    'moved',
    array[id]
from creators
where not exists (
    select
    from changes
    where
        changes.creator_id = creators.id
        and changes.kind = 'moved'
);
reset role;
