-- What a finding says, in parts: a page says it in the language of its reader. Older findings keep their English sentence.
ALTER TABLE security_findings ADD COLUMN code text CHECK (length(code) <= 50);
ALTER TABLE security_findings ADD COLUMN parameters jsonb NOT NULL DEFAULT '{}' CHECK (length(parameters::text) <= 4000);
