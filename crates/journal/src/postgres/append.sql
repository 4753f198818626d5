-- One batch in one call, which is one transaction and one round trip. It runs as the owner, because the append role may
-- write in no other way; so it checks itself what a policy would check row by row: that each stream is of its office, and
-- each office one of this batch. Events and receipts take their office from their stream.
-- SQLSTATE OKI01 is a conflict; its DETAIL is the place of the append in the batch.

-- Plans are kept from when the tables were empty, so a scan must not be among them; and a forbidden scan looks dear enough to
-- be compiled, so neither must that.
CREATE FUNCTION {s}.append(
  offices TEXT[],
  s_at BIGINT[], s_stream TEXT[], s_office TEXT[], s_expected BIGINT[], s_version BIGINT[], s_moves BOOLEAN[], s_wake BIGINT[],
  e_stream TEXT[], e_version BIGINT[], e_kind TEXT[], e_schema INTEGER[], e_time BIGINT[], e_cause TEXT[],
  e_data BYTEA[], e_hash BYTEA[],
  r_stream TEXT[], r_key BYTEA[], r_body BYTEA[], r_reply BYTEA[], r_time BIGINT[],
  c_at BIGINT[], c_key TEXT[], c_office TEXT[], c_from TEXT[], c_to TEXT[], c_until BIGINT[], c_now BIGINT[],
  v_id TEXT[], v_office TEXT[], v_sealed BYTEA[], v_until BIGINT[], v_gone TEXT[],
  k_name TEXT[], k_pos BIGINT[]
) RETURNS BIGINT LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
  before BIGINT; changed BIGINT; culprit BIGINT; n BIGINT := cardinality(e_stream); c RECORD;
BEGIN
  PERFORM set_config('okienko.offices', array_to_string(offices, ','), TRUE);
  -- First of all, so that batches of several processes queue up here and never wait for each other's streams.
  before := {s}.take_positions(n);

  IF NOT (s_office <@ offices AND v_office <@ offices) THEN
    RAISE EXCEPTION 'an office that is not of this batch' USING ERRCODE = '42501';
  END IF;

  IF 0 = ANY(s_expected) THEN
    INSERT INTO {s}.streams (stream, office, version)
    SELECT g.stream, g.office, 0 FROM unnest(s_stream, s_office, s_expected) AS g (stream, office, expected)
    WHERE g.expected = 0
    ON CONFLICT DO NOTHING;
  END IF;
  UPDATE {s}.streams s SET version = g.version, wake = CASE WHEN g.moves THEN g.wake ELSE s.wake END
  FROM unnest(s_stream, s_office, s_expected, s_version, s_moves, s_wake)
    AS g (stream, office, expected, version, moves, wake)
  WHERE s.stream = g.stream AND s.office = g.office AND s.version = g.expected;
  GET DIAGNOSTICS changed = ROW_COUNT;
  IF changed <> cardinality(s_stream) THEN
    -- What was changed a moment ago is of this transaction.
    SELECT min(g.at) INTO culprit
    FROM unnest(s_at, s_stream) AS g (at, stream)
    LEFT JOIN {s}.streams s ON s.stream = g.stream AND s.xmin = pg_current_xact_id()::xid
    WHERE s.stream IS NULL;
    RAISE EXCEPTION 'another version, or a stream of another office' USING ERRCODE = 'OKI01', DETAIL = culprit;
  END IF;

  IF n > 0 THEN
    INSERT INTO {s}.events (pos, stream, version, office, kind, schema, at, cause, data, hash)
    SELECT before + e.nth, e.stream, e.version, g.office, e.kind, e.schema, e.at, e.cause, e.data, e.hash
    FROM unnest(e_stream, e_version, e_kind, e_schema, e_time, e_cause, e_data, e_hash)
      WITH ORDINALITY AS e (stream, version, kind, schema, at, cause, data, hash, nth)
    JOIN unnest(s_stream, s_office) AS g (stream, office) ON g.stream = e.stream;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> n THEN
      RAISE EXCEPTION 'an event of no stream of this batch' USING ERRCODE = '42501';
    END IF;
  END IF;

  IF cardinality(r_stream) > 0 THEN
    -- A key that was answered in the last 24 hours was answered by another process: its append came first.
    INSERT INTO {s}.receipts AS r (stream, key, office, body, reply, at)
    SELECT n.stream, n.key, g.office, n.body, n.reply, n.at
    FROM unnest(r_stream, r_key, r_body, r_reply, r_time) AS n (stream, key, body, reply, at)
    JOIN unnest(s_stream, s_office) AS g (stream, office) ON g.stream = n.stream
    ON CONFLICT (stream, key) DO UPDATE SET body = excluded.body, reply = excluded.reply, at = excluded.at
    WHERE r.at <= excluded.at - 86400000000;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> cardinality(r_stream) THEN
      SELECT min(g.at) INTO culprit
      FROM unnest(r_stream, r_key, r_time) AS n (stream, key, at)
      JOIN {s}.receipts r ON r.stream = n.stream AND r.key = n.key AND r.at > n.at - 86400000000 AND r.at <> n.at
      JOIN unnest(s_at, s_stream) AS g (at, stream) ON g.stream = n.stream;
      RAISE EXCEPTION 'a request is answered already' USING ERRCODE = 'OKI01', DETAIL = coalesce(culprit, 0);
    END IF;
  END IF;

  -- One by one and in order: a later one may build on an earlier one of the same batch.
  FOR c IN SELECT * FROM unnest(c_at, c_key, c_office, c_from, c_to, c_until, c_now)
    AS c (at, key, office, old, new, until, now)
  LOOP
    IF c.new IS NULL THEN
      PERFORM {s}.release_claim(c.key, c.office, c.old);
    ELSIF NOT {s}.take_claim(c.key, c.office, c.old, c.new, c.until, c.now) THEN
      RAISE EXCEPTION 'claim % is held', c.key USING ERRCODE = 'OKI01', DETAIL = c.at;
    END IF;
  END LOOP;

  IF cardinality(v_gone) + cardinality(v_id) > 0 THEN
    DELETE FROM {s}.vault WHERE id = ANY(v_gone || v_id) AND office = ANY(offices);
    INSERT INTO {s}.vault (id, office, sealed, until) SELECT * FROM unnest(v_id, v_office, v_sealed, v_until);
  END IF;

  -- A relay that two processes run for a moment never goes back.
  IF cardinality(k_name) > 0 THEN
    INSERT INTO {s}.cursors AS k (name, pos) SELECT * FROM unnest(k_name, k_pos)
    ON CONFLICT (name) DO UPDATE SET pos = greatest(k.pos, excluded.pos);
  END IF;
  RETURN before + n;
END $$;

REVOKE ALL ON FUNCTION {s}.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {s}.append TO {a};
