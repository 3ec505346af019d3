-- Where they stopped: nowhere, in a video that they completed; the furthest second, in a video of unknown length.
case
    when not started.is_completed
        then coalesce(
            started.exit_second,
            case when coalesce(videos.duration_seconds, 0) = 0 then started.furthest_second end
        )
end
