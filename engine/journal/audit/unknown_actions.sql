-- Actions whose effect may be out there and that nobody has confirmed, oldest first.
SELECT action_id, kind, target, object_key, remote_id, state, attempts, failure, failure_detail, run_id, last_seq
FROM v_action
WHERE state IN ('intended', 'unknown')
ORDER BY first_seq;
