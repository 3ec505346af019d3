-- One row per question of this period that is among the most asked, the worst answered or the unanswered.
with

-- include: queries/chat/steps/clock,

-- include: queries/chat/steps/messages_of_all,

-- include: queries/chat/steps/groups
