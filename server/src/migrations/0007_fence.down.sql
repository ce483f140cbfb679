DROP FUNCTION hold_epoch(bigint);
