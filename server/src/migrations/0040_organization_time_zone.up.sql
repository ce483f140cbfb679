-- The zone whose midnights are the days of the organization: daily budgets begin anew with them.
ALTER TABLE organizations ADD COLUMN timezone varchar(60) NOT NULL DEFAULT 'UTC';
