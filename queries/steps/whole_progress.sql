-- Never 100 by rounding: a student who has not finished has something left to watch.
case when is_finished then 100 else least(round(coalesce(progress_percent, 0))::integer, 99) end
