-- Data tables: small tables of an organization that people look at and workflows read and write.
-- Values are typed by the application and stand in `data` under the column's id, so that a column is renamed for free.
-- Whoever writes locks the row of the table first: counts, row numbers and unique columns are never wrong.

CREATE TABLE data_tables (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organizations (id),
  name varchar(100) NOT NULL,
  description text,
  -- [{id, name, type, required, unique}] in the order of the table.
  columns jsonb NOT NULL,
  next_column integer NOT NULL DEFAULT 1,
  next_row bigint NOT NULL DEFAULT 1,
  row_count bigint NOT NULL DEFAULT 0,
  -- Raised by every change of the table itself; not by rows.
  revision integer NOT NULL DEFAULT 1,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (org_id, name),
  UNIQUE (id, org_id)
) WITH (fillfactor = 70);

CREATE TABLE data_table_rows (
  table_id uuid NOT NULL,
  org_id uuid NOT NULL,
  -- Counted within the table, never given twice.
  id bigint NOT NULL,
  data jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (table_id, id),
  UNIQUE (table_id, id, org_id),
  FOREIGN KEY (table_id, org_id) REFERENCES data_tables (id, org_id) ON DELETE CASCADE
);

-- The values of unique columns, by their hash: values are longer than an index takes.
CREATE TABLE data_table_keys (
  table_id uuid NOT NULL,
  org_id uuid NOT NULL,
  column_id varchar(12) NOT NULL,
  sum bytea NOT NULL CHECK (octet_length(sum) = 32),
  row_id bigint NOT NULL,
  PRIMARY KEY (table_id, column_id, sum),
  FOREIGN KEY (table_id, row_id, org_id) REFERENCES data_table_rows (table_id, id, org_id) ON DELETE CASCADE
);
CREATE INDEX data_table_keys_row ON data_table_keys (table_id, row_id);

-- What workflows wrote, by the key of the effect: repeated after a crash, it gives the first result and changes nothing.
CREATE TABLE data_table_writes (
  table_id uuid NOT NULL,
  org_id uuid NOT NULL,
  key text NOT NULL,
  -- JSON text.
  result text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (table_id, key),
  FOREIGN KEY (table_id, org_id) REFERENCES data_tables (id, org_id) ON DELETE CASCADE
);
CREATE INDEX data_table_writes_age ON data_table_writes (table_id, written_at);

CALL wall_tenant('data_tables');
CALL wall_tenant('data_table_rows');
CALL wall_tenant('data_table_keys');
CALL wall_tenant('data_table_writes');
GRANT SELECT, INSERT, UPDATE, DELETE ON data_tables, data_table_rows, data_table_keys, data_table_writes TO auraos_api;
