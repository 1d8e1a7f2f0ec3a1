-- Objects of targets that are not as our last confirmed write left them, field by field.
SELECT
    json_extract(o.data, '$.target') AS target,
    json_extract(o.data, '$.kind') AS kind,
    json_extract(o.data, '$.key') AS object_key,
    b.key AS field,
    b.value AS left_by_us,
    f.value AS found_now,
    r.live AS live
FROM p_objects AS o
JOIN json_each(o.data, '$.base') AS b
JOIN v_remote AS r
    ON r.target = json_extract(o.data, '$.target') AND r.remote_id = json_extract(o.data, '$.remote_id')
LEFT JOIN json_each(r.fields) AS f ON f.key = b.key
WHERE NOT json_extract(o.data, '$.trashed') AND (f.value IS NOT b.value OR NOT r.live)
ORDER BY target, kind, object_key, field;
