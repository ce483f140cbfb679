-- Who stored the draft last, as the history names people and keys: two who edit the same one are told of each other.
ALTER TABLE workflows ADD COLUMN draft_by text;
