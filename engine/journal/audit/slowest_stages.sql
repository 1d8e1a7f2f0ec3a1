-- Which stages took longest: runs, total, mean and worst time of each, in milliseconds.
SELECT s.key AS stage, count(*) AS runs, sum(s.value) AS total_ms, CAST(avg(s.value) AS INTEGER) AS mean_ms,
    max(s.value) AS worst_ms
FROM v_run AS r, json_each(r.stages) AS s
GROUP BY s.key
ORDER BY total_ms DESC;
