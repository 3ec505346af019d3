-- Mailings with emails that failed or may have failed first, then those that wait; the latest first.
failed + unknown > 0 desc,
waiting > 0 desc,
latest_at desc,
kind asc,
mailing asc
