// The driver contract on a real PostgreSQL, with sealed bodies as the product has them.
import { randomBytes } from "node:crypto";
import { migrate } from "../../migrations/migrate.ts";
import { freshDatabase } from "../../testing/freshDatabase.ts";
import { sealingStore } from "../../testing/sealingStore.ts";
import { driverContract } from "../driver.contract.ts";

driverContract(async (t) => {
  const { url } = await freshDatabase(t, migrate);
  const root = randomBytes(32);
  return () => sealingStore(url, root);
});
