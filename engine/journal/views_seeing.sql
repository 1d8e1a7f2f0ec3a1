-- What people ask of sources: searches, looked-up facts, ways that work, what is withheld, logins (docs/audit.md).

CREATE VIEW v_resolution AS
SELECT
    key AS recording_id,
    json_extract(data, '$.found') AS found,
    json_extract(data, '$.chosen') AS chosen,
    json_extract(data, '$.sought_ref') AS sought_ref,
    json_extract(data, '$.candidates') AS candidates,
    json_extract(data, '$.misses') AS misses,
    json_extract(data, '$.policy_version') AS policy_version,
    json_extract(data, '$.last_us') AS last_us,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_resolutions;

CREATE VIEW v_enrichment AS
SELECT
    json_extract(row.data, '$.recording_id') AS recording_id,
    json_extract(row.data, '$.provider') AS provider,
    json_extract(row.data, '$.matched_by') AS matched_by,
    json_extract(row.data, '$.provider_ref') AS provider_ref,
    json_extract(fact.value, '$.field') AS field,
    json_extract(fact.value, '$.value') AS value,
    json_extract(fact.value, '$.confidence') AS confidence,
    json_extract(row.data, '$.last_seq') AS last_seq
FROM p_enrichments AS row, json_each(row.data, '$.facts') AS fact;

CREATE VIEW v_access AS
SELECT
    json_extract(data, '$.source') AS source,
    json_extract(data, '$.way') AS way,
    json_extract(data, '$.host') AS host,
    json_extract(data, '$.works') AS works,
    json_extract(data, '$.failure') AS failure,
    json_extract(data, '$.detail') AS detail,
    json_extract(data, '$.last_us') AS last_us,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_access;

CREATE VIEW v_capability AS
SELECT
    json_extract(data, '$.source') AS source,
    json_extract(data, '$.capability') AS capability,
    json_extract(data, '$.allowed') AS allowed,
    json_extract(data, '$.detail') AS detail,
    json_extract(data, '$.hint') AS hint,
    json_extract(data, '$.last_us') AS last_us,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_capabilities;

CREATE VIEW v_credential AS
SELECT
    key AS source,
    json_extract(data, '$.valid') AS valid,
    json_extract(data, '$.account') AS account,
    json_extract(data, '$.expires_us') AS expires_us,
    json_extract(data, '$.detail') AS detail,
    json_extract(data, '$.last_seq') AS last_seq
FROM p_credentials;
