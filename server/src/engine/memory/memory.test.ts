// The driver contract on the store of tests.
import { driverContract } from "../driver.contract.ts";
import { createMemoryStore } from "./store.ts";

driverContract(async () => {
  const store = createMemoryStore(() => Date.now());
  return () => store;
});
