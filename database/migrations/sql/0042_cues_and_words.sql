-- The start and end of each line, and a fingerprint of the text that they belong to: rules/transcripts.py.
alter table videos
add column transcript_times jsonb
constraint transcript_times_is_an_object check (jsonb_typeof(transcript_times) = 'object');

-- As of names and titles: 0034_search.sql.
alter table asked_questions
add column search_text text collate "C" not null generated always as (search_text(array[wording])) stored;
