-- Which questions are the same question: the set of their meaning-bearing words. Case, order,
-- punctuation, politeness, articles and question words do not tell questions apart; "not" does.
-- Stored in chat_messages.question_key: whoever changes it writes a revision that computes that column anew.
create or replace function question_key(content text)
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

revoke execute on function question_key(text) from public;
grant execute on function question_key(text) to dashboard_app;
