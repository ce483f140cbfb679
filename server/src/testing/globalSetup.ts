// Once around a whole `npm test` run. Starts nothing: the first file that needs a database does (testServer.ts).
// At the end the server is stopped, and the run returns only when its processes are gone.
import { endTestServer } from "./testServer.ts";

export function globalSetup(): void {
  process.env.AURAOS_TEST_RUN = String(process.pid);
}

export async function globalTeardown(): Promise<void> {
  await endTestServer();
}
