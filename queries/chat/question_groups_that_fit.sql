-- One row per question of this period that matches the filters and is among the most asked, the worst answered or the
-- unanswered.
with

-- include: queries/chat/steps/clock,

-- include: queries/chat/steps/messages_that_fit,

-- include: queries/chat/steps/groups
