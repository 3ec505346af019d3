-- One row: the questions of this period that match the filters, by how they were rated.
with

-- include: queries/chat/steps/questions_found

select
    count(*) filter (where rating_hundredths >= :good_hundredths) as good,
    count(*) filter (where rating_hundredths < :good_hundredths) as bad,
    count(*) filter (where rating_hundredths is null) as unrated,
    count(*) filter (where is_answered) as answered,
    avg(rating_hundredths) / 100 as mean_rating
from questions_found
