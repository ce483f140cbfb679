-- The fence of a flush as a function of its own. Locking the row inside the flush's statement makes PostgreSQL, when a
-- renewal or a takeover changed the row meanwhile, set the whole statement up a second time to look at the row again
-- (EvalPlanQual); 18.4 then crashes if an update of a partitioned table prunes partitions as it runs. Here only
-- this query is looked at again. Volatile: it sees the row as it is now, not as it was when the flush began.
CREATE FUNCTION hold_epoch(wanted bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM 1 FROM engine_lease WHERE id = 1 AND epoch = wanted FOR SHARE;
  RETURN FOUND;
END $$;
