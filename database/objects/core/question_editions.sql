-- The editions of a question, what a person marked again, and which edition an answer belongs to.

-- A different text or answer key makes a new edition, unless nobody answered the current one: then that is changed in place,
-- and if it becomes equal to the edition before it, it is that edition again.
create or replace function begin_question_edition()
returns trigger
language plpgsql
as $$
declare
    is_answered boolean;
    before question_editions;
begin
    -- What describes a question for the first time is no other question, and undoing an import puts the editions in order.
    if
        coalesce(current_setting('app.landing', true), '') = 'undo'
        or (coalesce(current_setting('app.landing', true), '') = 'on' and old.import_number = 0)
    then
        return new;
    end if;
    select exists (
        select
        from quiz_answers
        join quiz_attempts
            on
                quiz_attempts.creator_id = quiz_answers.creator_id
                and quiz_attempts.id = quiz_answers.attempt_id
        where
            quiz_answers.creator_id = old.creator_id
            and quiz_answers.question_id = old.id
            and case
                when quiz_answers.edition is null then old.edition_began_at is null or quiz_attempts.completed_at > old.edition_began_at
                else quiz_answers.edition = old.edition
            end
    ) into is_answered;
    if is_answered then
        insert into question_editions (creator_id, question_id, edition, began_at, kind, prompt, options, correct_answer)
        values (
            old.creator_id, old.id, old.edition, old.edition_began_at, old.kind, old.prompt, old.options, old.correct_answer
        );
        new.edition := old.edition + 1;
        new.edition_began_at := dashboard_now();
        return new;
    end if;
    select * into before
    from question_editions
    where
        creator_id = old.creator_id
        and question_id = old.id
        and edition = old.edition - 1;
    if
        found
        and (before.kind, before.prompt, before.options, before.correct_answer)
        is not distinct from (new.kind, new.prompt, new.options, new.correct_answer)
    then
        delete from question_editions
        where
            creator_id = old.creator_id
            and question_id = old.id
            and edition = before.edition;
        new.edition := before.edition;
        new.edition_began_at := before.began_at;
    end if;
    return new;
end;
$$;

create or replace trigger begin_edition before update on quiz_questions
for each row
when (
    (old.kind, old.prompt, old.options, old.correct_answer) is distinct from (new.kind, new.prompt, new.options, new.correct_answer)
)
execute function begin_question_edition();

-- A platform that sends its verdict again does not replace a person's; a platform that corrects the answer itself does.
create or replace function keep_marked_answer()
returns trigger
language plpgsql
as $$
begin
    if new.answer is not distinct from old.answer then
        new.is_correct := old.is_correct;
    else
        new.marking_id := null;
    end if;
    return new;
end;
$$;

create or replace trigger keep_marking before update on quiz_answers
for each row
when (
    old.marking_id is not null
    and new.marking_id = old.marking_id
    and (new.answer, new.is_correct) is distinct from (old.answer, old.is_correct)
)
execute function keep_marked_answer();

create or replace function keep_marked_attempt()
returns trigger
language plpgsql
as $$
begin
    new.score_percent := old.score_percent;
    new.passed := old.passed;
    return new;
end;
$$;

create or replace trigger keep_marking before update on quiz_attempts
for each row
when (
    old.verdict is not null
    and new.verdict = old.verdict
    and (new.score_percent, new.passed) <> (old.score_percent, old.passed)
)
execute function keep_marked_attempt();

-- One row per answer, with its attempt and the edition of the question that was answered.
create or replace view answers_given with (security_invoker = true) as
select
    quiz_answers.creator_id,
    quiz_answers.attempt_id,
    quiz_answers.question_id,
    coalesce(
        quiz_answers.edition,
        case
            when quiz_questions.edition_began_at is null or quiz_attempts.completed_at > quiz_questions.edition_began_at
                then quiz_questions.edition
            else (
                select max(question_editions.edition)
                from question_editions
                where
                    question_editions.creator_id = quiz_answers.creator_id
                    and question_editions.question_id = quiz_answers.question_id
                    and (question_editions.began_at is null or question_editions.began_at < quiz_attempts.completed_at)
            )
        end,
        1
    ) as edition,
    quiz_answers.answer,
    quiz_answers.is_correct,
    quiz_answers.marking_id,
    quiz_attempts.quiz_id,
    quiz_attempts.student_id,
    quiz_attempts.attempt_number,
    quiz_attempts.completed_at
from quiz_answers
join quiz_attempts
    on
    quiz_attempts.creator_id = quiz_answers.creator_id
    and quiz_attempts.id = quiz_answers.attempt_id
join quiz_questions
    on
    quiz_questions.creator_id = quiz_answers.creator_id
    and quiz_questions.id = quiz_answers.question_id;

revoke execute on function begin_question_edition() from public;
revoke execute on function keep_marked_answer() from public;
revoke execute on function keep_marked_attempt() from public;
grant select on answers_given to dashboard_app;
