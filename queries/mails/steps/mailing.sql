-- What an email was sent with: the others of its announcement; otherwise those of its kind and period.
case when kind = 'announcement' then about else period_start::text end
