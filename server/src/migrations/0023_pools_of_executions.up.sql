-- Executions take places of pools, as runs of tasks do: which pool, how many places, in which order and for whose share.
-- Who holds and who waits is not stored: it follows from the executions that are open and the starts in the inbox.
ALTER TABLE workflow_limits
  -- May name a pool that is not there (yet): its starts wait for it, and say so.
  ADD COLUMN pool varchar(100),
  ADD COLUMN pool_places integer NOT NULL DEFAULT 1 CHECK (pool_places BETWEEN 1 AND 100000),
  ADD COLUMN pool_priority integer NOT NULL DEFAULT 0 CHECK (pool_priority BETWEEN -100 AND 100),
  -- An expression over the input of the start; starts with the same value share what is theirs.
  ADD COLUMN fair_key text;

-- Nothing was ever written into it: calls to webhooks are executions, and those of test addresses are kept in memory.
DROP TABLE webhook_calls;
