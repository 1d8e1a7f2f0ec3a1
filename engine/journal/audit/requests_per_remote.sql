-- How many requests went to each remote: in all, in how many runs, and at most in one run.
SELECT q.key AS remote, sum(q.value) AS requests, count(*) AS runs, max(q.value) AS most_in_a_run
FROM v_run AS r, json_each(r.requests) AS q
GROUP BY q.key
ORDER BY requests DESC;
