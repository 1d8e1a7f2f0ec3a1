-- What keeps the event table append-only, whoever connects: each statement is checked, word for word, on opening.

CREATE TRIGGER event_never_updated BEFORE UPDATE ON event
BEGIN
    SELECT raise(ABORT, 'event is append-only: no update');
END;

CREATE TRIGGER event_never_deleted BEFORE DELETE ON event
BEGIN
    SELECT raise(ABORT, 'event is append-only: no delete');
END;

CREATE TRIGGER event_only_appended BEFORE INSERT ON event
BEGIN
    SELECT CASE
        WHEN NEW.seq IS NOT coalesce((SELECT max(seq) FROM event), 0) + 1
            THEN raise(ABORT, 'event is append-only: seq does not follow the last one')
        WHEN NEW.prev_hash IS NOT coalesce((SELECT hash FROM event WHERE seq = NEW.seq - 1), zeroblob(32))
            THEN raise(ABORT, 'event is append-only: prev_hash is not the hash of the last event')
        WHEN NEW.version IS NOT coalesce((SELECT max(version) FROM event WHERE stream = NEW.stream), 0) + 1
            THEN raise(ABORT, 'event is append-only: version does not follow its stream')
        WHEN NEW.recorded_us <= (SELECT recorded_us FROM event WHERE seq = NEW.seq - 1)
            THEN raise(ABORT, 'event is append-only: recorded_us does not grow')
        WHEN EXISTS (SELECT 1 FROM event WHERE event_id = NEW.event_id)
            THEN raise(ABORT, 'event is append-only: event_id is taken')
        WHEN NEW.causation_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM event WHERE seq = NEW.causation_id AND seq < NEW.seq AND correlation_id IS NEW.correlation_id
        )
            THEN raise(ABORT, 'event is append-only: causation_id is not an earlier event of the same correlation')
    END;
END;
