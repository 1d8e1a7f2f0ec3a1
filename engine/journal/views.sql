-- What people query: stable names and columns over the event table and the projection rows (docs/audit.md).

CREATE VIEW v_event AS
SELECT
    seq,
    lower(hex(event_id)) AS event_id,
    stream,
    version,
    type,
    schema_version,
    CASE WHEN occurred_us IS NOT NULL
        THEN strftime('%Y-%m-%dT%H:%M:%fZ', occurred_us / 1000000.0, 'unixepoch') END AS occurred_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', recorded_us / 1000000.0, 'unixepoch') AS recorded_at,
    recorded_us,
    actor,
    run_id,
    correlation_id,
    causation_id AS causation_seq,
    fence,
    data,
    lower(hex(hash)) AS hash
FROM event;

CREATE VIEW v_track AS
SELECT
    s.key AS ref,
    json_extract(s.data, '$.recording_id') AS recording_id,
    json_extract(s.data, '$.title') AS title,
    json_extract(s.data, '$.artist') AS artist,
    json_extract(s.data, '$.album') AS album,
    json_extract(s.data, '$.genre') AS genre,
    json_extract(s.data, '$.isrc') AS isrc,
    json_extract(s.data, '$.duration_ms') AS duration_ms,
    json_extract(s.data, '$.url') AS url,
    json_extract(s.data, '$.availability') AS availability,
    json_extract(s.data, '$.failure') AS failure,
    json_extract(s.data, '$.availability_detail') AS availability_detail,
    (
        SELECT count(*) FROM p_renditions AS r
        WHERE json_extract(r.data, '$.recording_id') = json_extract(s.data, '$.recording_id')
            AND json_extract(r.data, '$.present')
    ) AS files,
    json_extract(s.data, '$.first_seq') AS first_seq,
    json_extract(s.data, '$.last_seq') AS last_seq
FROM p_sightings AS s;

CREATE VIEW v_playlist AS
SELECT
    key AS ref,
    json_extract(data, '$.name') AS name,
    json_extract(data, '$.url') AS url,
    json_array_length(data, '$.entries') AS entries,
    json_extract(data, '$.declared_count') AS declared_count,
    json_extract(data, '$.active') AS active,
    json_extract(data, '$.held_count') AS held_count,
    json_extract(data, '$.first_seq') AS first_seq,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_playlists;

CREATE VIEW v_rendition AS
SELECT
    key AS rendition_id,
    json_extract(data, '$.recording_id') AS recording_id,
    json_extract(data, '$.profile') AS profile,
    json_extract(data, '$.source_ref') AS source_ref,
    json_extract(data, '$.path') AS path,
    json_extract(data, '$.size_bytes') AS size_bytes,
    json_extract(data, '$.file_sha256') AS file_sha256,
    json_extract(data, '$.audio.codec') AS codec,
    json_extract(data, '$.audio.duration_ms') AS duration_ms,
    json_extract(data, '$.audio.loudness_lufs') AS loudness_lufs,
    json_extract(data, '$.present') AS present,
    json_extract(data, '$.verified_seq') AS verified_seq,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_renditions;

CREATE VIEW v_remote AS
SELECT
    json_extract(data, '$.target') AS target,
    json_extract(data, '$.kind') AS kind,
    json_extract(data, '$.remote_id') AS remote_id,
    json_extract(data, '$.key') AS key,
    json_extract(data, '$.live') AS live,
    json_extract(data, '$.misses') AS misses,
    json_extract(data, '$.revision') AS revision,
    json_extract(data, '$.fields') AS fields,
    json_extract(data, '$.first_seq') AS first_seq,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_remotes;

CREATE VIEW v_action AS
SELECT
    key AS action_id,
    json_extract(data, '$.kind') AS kind,
    json_extract(data, '$.target') AS target,
    json_extract(data, '$.object_kind') AS object_kind,
    json_extract(data, '$.key') AS object_key,
    json_extract(data, '$.remote_id') AS remote_id,
    json_extract(data, '$.state') AS state,
    json_extract(data, '$.attempts') AS attempts,
    json_extract(data, '$.reason') AS reason,
    json_extract(data, '$.problem.failure') AS failure,
    json_extract(data, '$.problem.detail') AS failure_detail,
    json_extract(data, '$.not_before_us') AS not_before_us,
    json_extract(data, '$.first_us') AS first_us,
    json_extract(data, '$.last_us') AS last_us,
    json_extract(data, '$.run_id') AS run_id,
    json_extract(data, '$.changes') AS changes,
    json_extract(data, '$.first_seq') AS first_seq,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_actions;

CREATE VIEW v_run AS
SELECT
    key AS run_id,
    json_extract(data, '$.command') AS command,
    json_extract(data, '$.arguments') AS arguments,
    strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(data, '$.started_us') / 1000000.0, 'unixepoch') AS started_at,
    CASE WHEN json_extract(data, '$.finished_us') IS NOT NULL
        THEN strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(data, '$.finished_us') / 1000000.0, 'unixepoch')
    END AS finished_at,
    (json_extract(data, '$.finished_us') - json_extract(data, '$.started_us')) / 1000 AS duration_ms,
    json_extract(data, '$.exit_code') AS exit_code,
    json_extract(data, '$.counts') AS counts,
    json_extract(data, '$.requests') AS requests,
    json_extract(data, '$.stages') AS stages,
    json_extract(data, '$.first_seq') AS first_seq,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_runs;

CREATE VIEW v_conflict AS
SELECT
    key AS conflict_id,
    json_extract(data, '$.target') AS target,
    json_extract(data, '$.object_kind') AS object_kind,
    json_extract(data, '$.key') AS object_key,
    json_extract(data, '$.field') AS field,
    json_extract(data, '$.base') AS base,
    json_extract(data, '$.wanted') AS wanted,
    json_extract(data, '$.found') AS found,
    json_extract(data, '$.reason') AS reason,
    json_extract(data, '$.choice') AS choice,
    json_extract(data, '$.opened_seq') AS opened_seq,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_conflicts;

CREATE VIEW v_scan AS
SELECT
    key AS scope,
    json_extract(data, '$.complete') AS complete,
    json_extract(data, '$.count') AS count,
    json_extract(data, '$.watermark') AS watermark,
    json_extract(data, '$.root_identity') AS root_identity,
    json_extract(data, '$.failures') AS failures,
    json_extract(data, '$.problem.failure') AS failure,
    json_extract(data, '$.problem.detail') AS failure_detail,
    strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(data, '$.last_us') / 1000000.0, 'unixepoch') AS scanned_at,
    json_extract(data, '$.complete_seq') AS complete_seq,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_scopes;
