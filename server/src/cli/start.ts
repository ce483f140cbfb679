// `auraos start`: the server, until it is told to end.
import { startServer } from "../main.ts";
import type { Command } from "./command.ts";
import { readArgs } from "./command.ts";

export const start: Command = async (args, settings) => {
  readArgs(args, {});
  await startServer(settings);
  // The server keeps the process alive.
  return 0;
};
