-- Quizzes: what was asked when, how answers were marked, and the folds and sums that quiz figures are read from.

-- Another text or key makes another question of it: answers belong to the edition that was answered. The current edition
-- stands in quiz_questions; the trigger of core/question_editions.sql keeps the one before it when answers belong to that.
alter table quiz_questions add column edition integer not null default 1 check (edition >= 1);
alter table quiz_questions add column edition_began_at timestamptz; -- NULL: the first, from the beginning on

create table question_editions (
    creator_id uuid not null,
    question_id uuid not null,
    edition integer not null check (edition >= 1),
    began_at timestamptz, -- NULL: from the beginning on
    kind text not null,
    prompt text not null,
    options jsonb not null constraint options_is_a_json_array check (jsonb_typeof(options) = 'array'),
    correct_answer text,
    primary key (creator_id, question_id, edition),
    foreign key (creator_id, question_id) references quiz_questions (creator_id, id) on delete cascade
);

-- NULL: the edition in force when the attempt was completed. So rows that arrive late find theirs, and a load looks nothing up.
alter table quiz_answers add column edition integer check (edition >= 1);

-- Answers of an edition that a person marked again. Nothing of it is ever deleted; undoing it is noted beside it.
create table markings (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    question_id uuid not null,
    edition integer not null,
    number integer not null check (number >= 1), -- of the edition's markings
    right_answers text[], -- NULL: whatever was answered
    marked_by uuid not null, -- an account
    marked_at timestamptz not null default dashboard_now(),
    undone_by uuid,
    undone_at timestamptz,
    primary key (creator_id, id),
    unique (creator_id, question_id, edition, number),
    foreign key (creator_id, question_id) references quiz_questions (creator_id, id) on delete cascade
);

-- How an answer was marked, from the first time that a person marks it again: the platform's verdict, and then one for each
-- marking and each undoing of one.
create table answer_verdicts (
    creator_id uuid not null,
    attempt_id uuid not null,
    question_id uuid not null,
    verdict integer not null check (verdict >= 0),
    is_correct boolean not null,
    marking_id uuid, -- whose verdict it is; NULL: the platform's
    given_by uuid, -- the account that marked, or undid a marking; NULL: nobody did yet
    given_at timestamptz not null default dashboard_now(),
    primary key (creator_id, attempt_id, question_id, verdict),
    foreign key (creator_id, attempt_id, question_id) references quiz_answers (creator_id, attempt_id, question_id)
    on delete cascade
);

-- How the result of an attempt followed its answers, in the same manner.
create table attempt_verdicts (
    creator_id uuid not null,
    attempt_id uuid not null,
    verdict integer not null check (verdict >= 0),
    score_percent numeric not null,
    passed boolean not null,
    marking_id uuid,
    given_by uuid,
    given_at timestamptz not null default dashboard_now(),
    primary key (creator_id, attempt_id, verdict),
    foreign key (creator_id, attempt_id) references quiz_attempts (creator_id, id) on delete cascade
);

-- is_correct, score_percent and passed are always those in force. Where a person's are, the marking or the number of the
-- verdict is named, and what the platform sends again does not replace them; NULL: they are the platform's.
alter table quiz_answers add column marking_id uuid;
alter table quiz_attempts add column verdict integer;

-- Fold. One row per attempt that counts: the student is here, the quiz is not deleted, it was completed by now.
create table dated_attempts (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    student_id uuid not null,
    quiz_id uuid not null,
    attempt_number integer not null,
    completed_at timestamptz not null,
    day date not null, -- the local day of completed_at
    score_hundredths integer not null,
    tenth smallint not null, -- of the score: 0 to 9, the last with 100 %
    passed boolean not null,
    primary key (creator_id, generation, course, run, student_id, quiz_id, attempt_number)
);

create index idx_dated_attempts_day on dated_attempts (creator_id, generation, course, run, day);

-- Fold of dated_attempts. One row per student with an attempt that counts: on which local days. So different students of a
-- period are counted in one pass over students, not over attempts.
create table quiz_takers (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    student_id uuid not null,
    days datemultirange not null,
    primary key (creator_id, generation, course, run, student_id)
);

-- Fold. One row per student who is here and quiz with an attempt, that of a deleted quiz included: a student's
-- own attempts are counted with it, everything else without it.
create table taken_quizzes (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    student_id uuid not null,
    quiz_id uuid not null,
    is_counted boolean not null, -- the quiz is not deleted
    attempts integer not null,
    passed integer not null,
    first_score_hundredths integer, -- of attempt number 1, as the next; NULL: not told
    first_passed boolean,
    best_score_hundredths integer not null,
    score_sum bigint not null, -- in hundredths of a percent
    time_sum bigint not null, -- in seconds, of the attempts whose time is known
    time_count integer not null,
    last_at timestamptz not null,
    primary key (creator_id, generation, course, run, student_id, quiz_id)
);

create index idx_taken_quizzes_best on taken_quizzes (creator_id, generation, course, run, quiz_id, first_score_hundredths)
where is_counted and first_score_hundredths is not null;
create index idx_taken_quizzes_unpassed on taken_quizzes (creator_id, generation, course, run, quiz_id)
where is_counted and passed = 0;

-- Fold. One row per first attempt that counts (number 1) with an answer: its answers, in the order of the questions' ids.
create table first_answers (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    student_id uuid not null,
    quiz_id uuid not null,
    correct integer not null, -- how many of them are right, by the verdicts in force
    question_ids uuid[] not null, -- parallel to the next three
    editions integer[] not null,
    answers text[] not null, -- NULL in it: none given, or not told
    are_correct boolean[] not null,
    primary key (creator_id, generation, course, run, student_id, quiz_id)
);

-- The sums are few rows that every portion updates: with room on their pages they stay as small as they are.

-- Sum of taken_quizzes. One row per quiz with an attempt.
create table quiz_totals (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    quiz_id uuid not null,
    attempts integer not null,
    students integer not null,
    passed integer not null,
    first_attempts integer not null,
    first_passed integer not null,
    score_sum bigint not null,
    time_sum bigint not null,
    time_count integer not null,
    primary key (creator_id, generation, course, run, quiz_id)
) with (fillfactor = 50);

-- Sum of dated_attempts. One row per quiz and ten percent of the score.
create table quiz_scores (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    quiz_id uuid not null,
    tenth smallint not null,
    first_attempts integer not null,
    later_attempts integer not null,
    primary key (creator_id, generation, course, run, quiz_id, tenth)
) with (fillfactor = 50);

-- Sum of first_answers. One row per question and edition. The rest of an answer is the share of the attempt's other answers
-- that are right, in hundredths of a percent; it has none where the attempt has no other answer. A correlation of being
-- right with the rest is five sums: rest_count, rest_sum, rest_square_sum, correct_rest_count, correct_rest_sum.
create table question_results (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    question_id uuid not null,
    edition integer not null,
    answers integer not null,
    correct integer not null,
    rest_count integer not null,
    rest_sum bigint not null,
    rest_square_sum bigint not null,
    correct_rest_count integer not null,
    correct_rest_sum bigint not null,
    primary key (creator_id, generation, course, run, question_id, edition)
) with (fillfactor = 50);

-- Sum of first_answers. One row per question, edition and answer. An answer may be longer than a key can be, or NULL.
create table question_answers (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    question_id uuid not null,
    edition integer not null,
    answer_key uuid not null, -- answer_key(answer)
    answer text,
    students integer not null,
    correct integer not null,
    wrong_rest_count integer not null, -- of the wrong ones
    wrong_rest_sum bigint not null,
    primary key (creator_id, generation, course, run, question_id, edition, answer_key)
) with (fillfactor = 50);

do $$
declare
    name text;
begin
    foreach name in array array[
        'question_editions', 'markings', 'answer_verdicts', 'attempt_verdicts',
        'dated_attempts', 'quiz_takers', 'taken_quizzes', 'first_answers', 'quiz_totals', 'quiz_scores', 'question_results', 'question_answers'
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

grant insert, update, delete on question_editions to dashboard_app;
grant insert, update on markings to dashboard_app;
grant insert on answer_verdicts, attempt_verdicts to dashboard_app;
