-- What people ask of matching: the questions, and what became of them (docs/audit.md).

CREATE VIEW v_question AS
SELECT
    key AS question_id,
    json_extract(data, '$.newer') AS newer,
    json_extract(data, '$.older') AS older,
    json_extract(data, '$.names') AS names,
    json_extract(data, '$.score') AS score,
    json_extract(data, '$.answer') AS answer,
    json_extract(data, '$.settled') AS settled,
    json_extract(data, '$.policy_version') AS policy_version,
    json_extract(data, '$.asked_seq') AS asked_seq,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_questions;
