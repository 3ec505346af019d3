-- What finds students, videos and quizzes, and what they are sorted by, as `rules/searching.py` has it.

-- What a name or title is sorted by, code point by code point.
create function name_key(written text)
returns text
language plpgsql
immutable
strict
parallel safe
as $$
begin
    return left(trim(regexp_replace(replace(plain_letters(left(written, 1000)), '''', ''), ' +', ' ', 'g')), 100);
end;
$$;

-- The words that find any of the texts, sorted, each behind a space; “O'Neil” is found as oneil and as neil.
create function search_text(texts text[])
returns text
language plpgsql
immutable
strict
parallel safe
as $$
begin
    return (
        select coalesce(string_agg(' ' || words.word, '' order by words.word), '')
        from (
            select distinct left(parts.part, 40) collate "C" as word
            from string_to_table(plain_letters(left(array_to_string(texts, ' '), 1000)), ' ') as split (word)
            cross join lateral (
                select replace(split.word, '''', '') as part
                union all
                select string_to_table(split.word, '''')
                where position('''' in split.word) > 0
            ) as parts
            where parts.part <> ''
        ) as words
    );
end;
$$;

revoke execute on function name_key(text), search_text(text[]) from public;
grant execute on function name_key(text), search_text(text[]) to dashboard_app, dashboard_platform;
grant execute on function plain_letters(text) to dashboard_platform;

alter table creators
add column sort_key text collate "C" not null generated always as (name_key(name)) stored;

alter table students
add column sort_key text collate "C" not null generated always as (name_key(name)) stored,
add column search_text text collate "C" not null generated always as (search_text(array[name, email])) stored;

alter table videos
add column sort_key text collate "C" not null generated always as (name_key(title)) stored,
add column search_text text collate "C" not null generated always as (search_text(array[title, category] || tags)) stored;

alter table quizzes
add column sort_key text collate "C" not null generated always as (name_key(title)) stored,
add column search_text text collate "C" not null generated always as (search_text(array[title])) stored;

alter table quiz_questions
add column search_text text collate "C" not null generated always as (search_text(array[prompt])) stored;

-- A page of names in order is read from this alone, in either direction.
create index idx_students_sort_key on students (creator_id, sort_key, id) where deleted_at is null;

-- One row per student and word that finds them. Row level security lets no index of trigrams or of whole texts serve a
-- search, because their operators are not leakproof; those of a range are.
create table student_words (
    creator_id uuid not null,
    word text collate "C" not null,
    student_id uuid not null,
    primary key (creator_id, word, student_id),
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade
);

-- Row level security binds the owner too.
alter table students no force row level security;

insert into student_words (creator_id, word, student_id)
select
    students.creator_id,
    words.word,
    students.id
from students
cross join lateral string_to_table(ltrim(students.search_text), ' ') as words (word)
where students.search_text <> '';

alter table students force row level security;

alter table student_words enable row level security;
alter table student_words force row level security;
create policy one_creator on student_words using (creator_id = current_creator()) with check (creator_id = current_creator());
grant select, insert, update, delete on student_words to dashboard_app;
