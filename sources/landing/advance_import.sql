-- One row, unless the import is not where it was.
update imports
set
    position = :after,
    lines_read = lines_read + :lines_read,
    facts_new = facts_new + :facts_new,
    facts_changed = facts_changed + :facts_changed,
    facts_same = facts_same + :facts_same,
    refused = refused + :refused,
    undescribed = undescribed + :undescribed,
    counts = (
        select
            coalesce(
                jsonb_object_agg(
                    kinds.kind,
                    (
                        select jsonb_object_agg(sums.what, sums.facts)
                        from (
                            select
                                parts.what,
                                sum(parts.facts::bigint) as facts
                            from (values (imports.counts), (cast(:counts as jsonb))) as told (counts)
                            cross join lateral jsonb_each_text(
                                coalesce(told.counts -> kinds.kind, jsonb_build_object())
                            ) as parts (what, facts)
                            group by parts.what
                        ) as sums
                    )
                ),
                jsonb_build_object()
            )
        from (
            select distinct jsonb_object_keys(told.counts) as kind
            from (values (imports.counts), (cast(:counts as jsonb))) as told (counts)
        ) as kinds
    ),
    refused_by_rule = (
        select coalesce(jsonb_object_agg(sums.rule, sums.lines), jsonb_build_object())
        from (
            select
                parts.rule,
                sum(parts.lines::bigint) as lines
            from (values (imports.refused_by_rule), (cast(:rules as jsonb))) as told (rules)
            cross join lateral jsonb_each_text(told.rules) as parts (rule, lines)
            group by parts.rule
        ) as sums
    ),
    landed_at = dashboard_now()
where
    creator_id = :creator_id
    and number = :number
    and position = :before
    and state = 'running'
