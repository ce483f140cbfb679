-- The audit log: who changed what, and who was refused. Entries of an organization form a chain: each hash covers the one
-- before, the number and the text of the entry, so that a changed, removed or inserted entry is found at its place.
-- The application can append through one function and read; it cannot change or remove anything.

CREATE TABLE audit_entries (
  org_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  seq bigint NOT NULL CHECK (seq > 0),
  -- JSON text, exactly as it was hashed.
  entry text NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (org_id, seq)
);

CREATE TABLE audit_heads (
  org_id uuid PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  seq bigint NOT NULL,
  hash bytea NOT NULL
);

CALL wall_tenant('audit_entries');
CALL wall_tenant('audit_heads');
GRANT SELECT ON audit_entries, audit_heads TO auraos_api;

-- hash = sha256(hash before || number || '|' || entry); before the first stand 32 zero bytes.
CREATE FUNCTION audit_append(entries text[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
DECLARE
  tenant uuid := public.app_tenant();
  head record;
  entry text;
BEGIN
  IF tenant IS NULL THEN RAISE EXCEPTION 'no tenant' USING ERRCODE = '42501'; END IF;
  INSERT INTO public.audit_heads (org_id, seq, hash) VALUES (tenant, 0, decode(repeat('00', 32), 'hex'))
    ON CONFLICT (org_id) DO NOTHING;
  SELECT seq, hash INTO head FROM public.audit_heads WHERE org_id = tenant FOR UPDATE;
  FOREACH entry IN ARRAY entries LOOP
    head.seq := head.seq + 1;
    head.hash := sha256(head.hash || convert_to(head.seq::text || '|' || entry, 'UTF8'));
    INSERT INTO public.audit_entries (org_id, seq, entry, hash) VALUES (tenant, head.seq, entry, head.hash);
  END LOOP;
  UPDATE public.audit_heads SET seq = head.seq, hash = head.hash WHERE org_id = tenant;
  RETURN head.seq;
END $$;
REVOKE ALL ON FUNCTION audit_append(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_append(text[]) TO auraos_api;
