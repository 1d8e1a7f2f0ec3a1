-- Everything that happened to one track, in order; :thing is its ref, its recording id or a part of its title.
WITH track AS (
    SELECT ref, recording_id FROM v_track
    WHERE ref = :thing OR recording_id = :thing OR title LIKE '%' || :thing || '%'
),
named AS (
    SELECT 'sighting:' || ref AS stream FROM track
    UNION SELECT 'recording:' || recording_id FROM track WHERE recording_id IS NOT NULL
    UNION SELECT 'rendition:' || r.rendition_id FROM v_rendition AS r JOIN track USING (recording_id)
    UNION SELECT 'action:' || a.action_id FROM v_action AS a JOIN track ON a.object_key = track.recording_id
    UNION SELECT 'conflict:' || c.conflict_id FROM v_conflict AS c JOIN track ON c.object_key = track.recording_id
    UNION SELECT 'match:' || q.question_id FROM v_question AS q JOIN track ON track.recording_id IN (q.newer, q.older)
    UNION SELECT 'remote:' || o.target || '/' || o.remote_id FROM v_remote AS o JOIN track ON o.key = track.recording_id
)
SELECT seq, recorded_at, type, stream, actor, run_id, data
FROM v_event
WHERE stream IN (SELECT stream FROM named)
ORDER BY seq;
