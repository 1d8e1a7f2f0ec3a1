-- How often each class of failure stands now, on tracks and on actions, with one example each.
SELECT 'track' AS thing, failure, count(*) AS how_many, min(ref) AS example, max(availability_detail) AS detail
FROM v_track WHERE failure IS NOT NULL GROUP BY failure
UNION ALL
SELECT 'action' AS thing, failure, count(*) AS how_many, min(action_id) AS example, max(failure_detail) AS detail
FROM v_action WHERE failure IS NOT NULL AND state <> 'done' GROUP BY failure
ORDER BY how_many DESC, thing, failure;
