-- How the emails of a mailing fare; groups of `mail_deliveries`.
count(*) as mails,
count(*) filter (where state = 'sent') as sent,
count(*) filter (where state in ('pending', 'claimed', 'sending')) as waiting,
count(*) filter (where state = 'failed') as failed,
count(*) filter (where state = 'unknown') as unknown,
count(*) filter (where state in ('skipped', 'cancelled')) as not_sent,
max(coalesce(sent_at, updated_at)) as latest_at
