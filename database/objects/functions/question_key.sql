-- Which questions are the same question: those with the same set of meaningful words. Case, order, punctuation, politeness,
-- articles and question words make no difference; "not" does, and so do the signs of C# and C++. Letters that look the same are
-- the same: compatibility forms are composed (NFKC) and case is folded; accents stay.
-- NULL: the message asks nothing. It has no word, or its words only greet, thank, agree or decline ("Thanks", "Ok, great!").
-- Stored in chat_messages.question_key: a change of this function needs a revision that recalculates that column.
create or replace function question_key(content text)
returns text
language sql
immutable
parallel safe
as $$
    select
        case
            when coalesce(bool_and(is_polite or is_filler) and bool_or(is_polite), true) then null
            when bool_and(is_polite or is_filler or is_thanked_for) and bool_or(is_thanks) then null
            else md5(
                coalesce(
                    string_agg(distinct word, ' ' order by word) filter (where has_meaning),
                    string_agg(word, ' ' order by place) filter (where not is_polite)
                )
            )
        end
    from (
        select
            regexp_replace(token, '([^s])s$', '\1') collate "C" as word,
            place,
            token <> all (array[
                'a', 'an', 'the', 'this', 'that', 'i', 'im', 'me', 'my', 'we', 'you', 'your', 'it', 'its',
                'is', 'are', 'am', 'be', 'was', 'were', 'do', 'does', 'did', 'can', 'could', 'should', 'would', 'will',
                'how', 'what', 'whats', 'which', 'there', 'to', 'of', 'in', 'on', 'for', 'and', 'so',
                'please', 'pls', 'hi', 'hello', 'hey', 'thanks', 'thank', 'thx', 'explain', 'tell', 'help', 'again'
            ]) as has_meaning,
            token = any(array[
                'hi', 'hello', 'hey', 'bye', 'goodbye', 'please', 'pls', 'thanks', 'thank', 'thx', 'ty', 'cheers', 'welcome',
                'ok', 'okay', 'yes', 'yeah', 'yep', 'no', 'nope', 'sure', 'got', 'good', 'great', 'nice', 'cool', 'perfect', 'awesome'
            ]) as is_polite,
            token = any(array[
                'you', 'u', 'so', 'very', 'much', 'a', 'lot', 'there', 'all', 'really', 'and', 'it', 'i', 'morning', 'evening'
            ]) as is_filler,
            token = any(array['thanks', 'thank', 'thx', 'ty', 'cheers']) as is_thanks,
            token = any(array[
                'for', 'the', 'your', 'my', 'me', 'to', 'this', 'that', 'is', 'was', 'again', 'now',
                'help', 'helping', 'helped', 'answer', 'answering', 'explanation', 'explaining', 'time'
            ]) as is_thanked_for
        from (
            select
                ltrim(split.token, '+#') as token,
                split.place
            from regexp_split_to_table(
                -- Apostrophes and invisible characters (soft hyphens, zero-width spaces, joiners, variation selectors) join
                -- what is around them.
                regexp_replace(
                    replace(translate(lower(normalize(content, nfkc)), 'ς♯', 'σ#'), 'ß', 'ss'),
                    '[''’ʼ\u00AD\u200B\u200D\u2060\uFE00-\uFE0F\uFEFF]', '', 'g'
                ),
                -- Every ASCII sign except + and #; other punctuation; arrows, shapes and pictures.
                '[[:space:]!"$%&()*,./:;<=>?@\[\\\]^_`{|}~¡§«¶·»¿،؛؟۔।॥\u2010-\u2029\u2030-\u205E\u2190-\u21FF\u2500-\u27BF'
                '\u3001-\u3003\u3008-\u3011\u3014-\u301F\u30FB\U0001F000-\U0001FAFF-]+'
            ) with ordinality as split (token, place)
        ) as tokens
        where token <> ''
    ) as words;
$$;

revoke execute on function question_key(text) from public;
grant execute on function question_key(text) to dashboard_app;
