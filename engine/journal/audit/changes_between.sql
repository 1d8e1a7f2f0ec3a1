-- What changed between two times; :since and :until are times such as 2025-01-31 or 2025-01-31T12:00:00Z (UTC).
SELECT type, count(*) AS how_many, min(seq) AS first_seq, max(seq) AS last_seq,
    min(recorded_at) AS first_at, max(recorded_at) AS last_at
FROM v_event
WHERE recorded_us >= CAST((julianday(:since) - 2440587.5) * 86400000000 AS INTEGER)
    AND recorded_us < CAST((julianday(:until) - 2440587.5) * 86400000000 AS INTEGER)
GROUP BY type
ORDER BY how_many DESC, type;
