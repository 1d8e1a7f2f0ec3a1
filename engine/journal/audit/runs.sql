-- What each run did: command, how it ended, events appended, action endings, newest first.
SELECT
    r.run_id,
    r.command,
    r.started_at,
    r.duration_ms,
    r.exit_code,
    count(e.seq) AS events,
    sum(e.type = 'action.done') AS done,
    sum(e.type = 'action.deferred') AS deferred,
    sum(e.type = 'action.refused') AS refused,
    sum(e.type = 'action.unknown') AS unknown,
    r.requests
FROM v_run AS r LEFT JOIN event AS e ON e.run_id = r.run_id
GROUP BY r.run_id
ORDER BY r.first_seq DESC;
