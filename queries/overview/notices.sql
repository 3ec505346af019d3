-- One row per student newly at risk, struggling quiz and video with a content issue; by kind, most urgent first.
with

-- include: queries/overview/steps/notices_found

select *
from notices_found
order by
    kind,
    case kind when 'quiz' then -figure else figure end,
    subject_id
