ALTER TABLE auth."session" DROP COLUMN "seenAt";
