// Puts away what nodes keep open between two uses: connections to databases, and processes.
import { closePools } from "./postgres/pools.ts";
import { closeClients } from "./redis/clients.ts";
import { closeProcesses } from "./sqlite/processes.ts";

/** When the server ends; what is used afterwards opens again. */
export async function closeConnections(): Promise<void> {
  closeClients();
  closeProcesses();
  await closePools();
}
