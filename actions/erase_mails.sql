-- The emails to a student stay in the ledger, so that what was sent is still counted, but say nothing about the student.
update mail_deliveries
set
    recipient = 'erased',
    recipient_key = 'erased ' || id,
    student_id = null,
    payload = jsonb_build_object(),
    subject = null,
    snapshot = null,
    smtp_reply = null,
    reason = case when state in ('pending', 'claimed') then 'The student was erased.' else reason end,
    state = case when state in ('pending', 'claimed') then 'cancelled' else state end,
    claimed_until = null,
    token = token + 1,
    updated_at = dashboard_now()
where
    creator_id = :creator_id
    and (student_id = :student_id or recipient_key = :address_key)
