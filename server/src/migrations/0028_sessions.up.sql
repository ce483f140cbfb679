-- When a session was last used, to the minute: one that nobody uses for long ends before its time.
ALTER TABLE auth."session" ADD COLUMN "seenAt" timestamptz;
