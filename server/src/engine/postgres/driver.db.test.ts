// The driver contract on a real PostgreSQL.
import { migrate } from "../../migrations/migrate.ts";
import { freshDatabase } from "../../testing/freshDatabase.ts";
import { driverContract } from "../driver.contract.ts";
import { openPostgresStore } from "./store.ts";

driverContract(async (t) => {
  const { url } = await freshDatabase(t, migrate);
  return () => openPostgresStore(url);
});
