-- What was sealed cannot be read without the keys: refused while there is any.
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM payload_keys) THEN
    RAISE EXCEPTION 'executions are sealed with the keys of payload_keys'
      USING HINT = 'Keep this release, or delete the rows of payload_keys to give up the histories they open.';
  END IF;
END $$;
DROP TABLE payload_keys;
