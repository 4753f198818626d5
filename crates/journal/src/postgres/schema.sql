-- The tables of one service's journal, in a schema of its own. {s} is the schema.
--
-- The append role reads the offices that its transaction is bound to, and writes through the function `append` alone. The
-- relay role reads all. What both need beyond that are functions that run as the owner, each doing one narrow thing.
-- Text is compared by bytes, because streams are found by prefix.

CREATE TABLE {s}.head (one BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (one), pos BIGINT NOT NULL) WITH (fillfactor = 10);
INSERT INTO {s}.head (pos) VALUES (0);

CREATE TABLE {s}.streams (
  stream TEXT COLLATE "C" PRIMARY KEY, office TEXT NOT NULL, version BIGINT NOT NULL, wake BIGINT
) WITH (fillfactor = 70);
CREATE INDEX streams_wake ON {s}.streams (wake) WHERE wake IS NOT NULL;

CREATE TABLE {s}.events (
  pos BIGINT PRIMARY KEY, stream TEXT COLLATE "C" NOT NULL, version BIGINT NOT NULL, office TEXT NOT NULL,
  kind TEXT NOT NULL, schema INTEGER NOT NULL, at BIGINT NOT NULL, cause TEXT NOT NULL,
  data BYTEA NOT NULL, hash BYTEA NOT NULL, UNIQUE (stream, version)
);

CREATE TABLE {s}.receipts (
  stream TEXT COLLATE "C" NOT NULL, key BYTEA NOT NULL, office TEXT NOT NULL, body BYTEA NOT NULL,
  reply BYTEA NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (stream, key)
);
CREATE INDEX receipts_at ON {s}.receipts (at);

CREATE TABLE {s}.claims (
  key TEXT COLLATE "C" PRIMARY KEY, office TEXT NOT NULL, holder TEXT NOT NULL, until BIGINT NOT NULL
);
CREATE INDEX claims_until ON {s}.claims (until);

CREATE TABLE {s}.vault (
  id TEXT COLLATE "C" PRIMARY KEY, office TEXT NOT NULL, sealed BYTEA NOT NULL, until BIGINT NOT NULL
);
CREATE INDEX vault_until ON {s}.vault (until);

CREATE TABLE {s}.cursors (name TEXT COLLATE "C" PRIMARY KEY, pos BIGINT NOT NULL);

-- The offices that this transaction is bound to; none when nothing was set.
CREATE FUNCTION {s}.bound() RETURNS TEXT[] LANGUAGE sql STABLE AS $$
  SELECT string_to_array(coalesce(current_setting('okienko.offices', TRUE), ''), ',')
$$;

-- The office of a stream, whoever asks.
CREATE FUNCTION {s}.office_of(wanted TEXT) RETURNS TEXT LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog AS $$
  SELECT office FROM {s}.streams WHERE stream = wanted
$$;

-- Takes the next n positions and returns the one before them. The row is held until the end of the transaction, so that
-- positions are gapless and in the order of commits, and one batch at a time is written.
CREATE FUNCTION {s}.take_positions(n BIGINT) RETURNS BIGINT LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE before BIGINT;
BEGIN
  IF n < 0 THEN RAISE EXCEPTION 'positions only grow'; END IF;
  SELECT pos INTO STRICT before FROM {s}.head FOR UPDATE;
  IF n > 0 THEN UPDATE {s}.head SET pos = before + n; END IF;
  RETURN before;
END $$;

-- Takes or hands over a claim; false when somebody else has it. Only for an office of this transaction. For `append`.
CREATE FUNCTION {s}.take_claim(k TEXT, o TEXT, old TEXT, new TEXT, til BIGINT, now BIGINT)
RETURNS BOOLEAN LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF NOT o = ANY({s}.bound()) THEN RAISE EXCEPTION 'office % is not bound', o USING ERRCODE = '42501'; END IF;
  INSERT INTO {s}.claims AS c (key, office, holder, until) VALUES (k, o, new, til)
    ON CONFLICT (key) DO UPDATE SET office = o, holder = new, until = til WHERE c.holder = old OR c.until <= now;
  RETURN FOUND;
END $$;

-- Releases a claim of this holder; another's stays.
CREATE FUNCTION {s}.release_claim(k TEXT, o TEXT, old TEXT) RETURNS VOID LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
  IF NOT o = ANY({s}.bound()) THEN RAISE EXCEPTION 'office % is not bound', o USING ERRCODE = '42501'; END IF;
  DELETE FROM {s}.claims WHERE key = k AND holder = old;
END $$;

-- Who has these keys. Only whoever names a key learns of it.
CREATE FUNCTION {s}.claims_of(keys TEXT[]) RETURNS TABLE (key TEXT, holder TEXT, until BIGINT)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.key, c.holder, c.until FROM {s}.claims c WHERE c.key = ANY(keys)
$$;

-- These rows of the vault. Ids are random: only whoever was told one can name it.
CREATE FUNCTION {s}.vault_of(ids TEXT[]) RETURNS TABLE (id TEXT, sealed BYTEA)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT v.id, v.sealed FROM {s}.vault v WHERE v.id = ANY(ids)
$$;

-- Deletes what has had its time.
CREATE FUNCTION {s}.purge(receipts_before BIGINT, now BIGINT) RETURNS BIGINT LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE gone BIGINT; n BIGINT;
BEGIN
  DELETE FROM {s}.receipts WHERE at < receipts_before; GET DIAGNOSTICS gone = ROW_COUNT;
  DELETE FROM {s}.claims WHERE until <= now; GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM {s}.vault WHERE until <= now; GET DIAGNOSTICS n = ROW_COUNT;
  RETURN gone + n;
END $$;

-- A stream's events and receipts, bound to the stream's own office.
CREATE FUNCTION {s}.load_events(wanted TEXT, after BIGINT) RETURNS SETOF {s}.events LANGUAGE plpgsql
SET enable_seqscan = off SET jit = off AS $$
BEGIN
  PERFORM set_config('okienko.offices', coalesce({s}.office_of(wanted), ''), TRUE);
  RETURN QUERY SELECT * FROM {s}.events WHERE stream = wanted AND version > after ORDER BY version;
END $$;
CREATE FUNCTION {s}.load_receipts(wanted TEXT, since BIGINT) RETURNS SETOF {s}.receipts LANGUAGE plpgsql
SET enable_seqscan = off SET jit = off AS $$
BEGIN
  PERFORM set_config('okienko.offices', coalesce({s}.office_of(wanted), ''), TRUE);
  RETURN QUERY SELECT * FROM {s}.receipts WHERE stream = wanted AND at >= since;
END $$;
-- Those of a stream's receipts that have these keys.
CREATE FUNCTION {s}.receipts_of(wanted TEXT, keys BYTEA[]) RETURNS SETOF {s}.receipts LANGUAGE plpgsql
SET enable_seqscan = off SET jit = off AS $$
BEGIN
  PERFORM set_config('okienko.offices', coalesce({s}.office_of(wanted), ''), TRUE);
  RETURN QUERY SELECT * FROM {s}.receipts WHERE stream = wanted AND key = ANY(keys);
END $$;

ALTER TABLE {s}.streams ENABLE ROW LEVEL SECURITY;
ALTER TABLE {s}.events ENABLE ROW LEVEL SECURITY;
ALTER TABLE {s}.receipts ENABLE ROW LEVEL SECURITY;
ALTER TABLE {s}.vault ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON {s}.streams FOR SELECT TO {a} USING (office = ANY((SELECT {s}.bound())::TEXT[]));
CREATE POLICY own ON {s}.events FOR SELECT TO {a} USING (office = ANY((SELECT {s}.bound())::TEXT[]));
CREATE POLICY own ON {s}.receipts FOR SELECT TO {a} USING (office = ANY((SELECT {s}.bound())::TEXT[]));
CREATE POLICY all_read ON {s}.streams FOR SELECT TO {r} USING (TRUE);
CREATE POLICY all_read ON {s}.events FOR SELECT TO {r} USING (TRUE);

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {s} FROM PUBLIC;
GRANT USAGE ON SCHEMA {s} TO {a}, {r};
GRANT SELECT ON {s}.events, {s}.streams, {s}.receipts, {s}.cursors TO {a};
GRANT EXECUTE ON FUNCTION {s}.bound, {s}.office_of, {s}.claims_of, {s}.vault_of, {s}.load_events, {s}.load_receipts, {s}.receipts_of TO {a};
GRANT SELECT ON {s}.head, {s}.streams, {s}.events, {s}.cursors TO {r};
GRANT EXECUTE ON FUNCTION {s}.purge TO {r};
