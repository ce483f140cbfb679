// `auraos practice-api`: a service that is flaky on purpose, to try workflows against.
import { startPracticeApi } from "../practiceApi/startPracticeApi.ts";
import { type Command, CommandError, print, readArgs } from "./command.ts";

export const practiceApi: Command = async (args) => {
  const { values } = readArgs(args, {
    port: { type: "string", default: "4100" },
    seed: { type: "string" },
    host: { type: "string", default: "127.0.0.1" },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandError(2, "--port is a number from 0 to 65535.");
  const { seed, host } = values;
  const service = await startPracticeApi({ port, host, ...(seed === undefined ? {} : { seed }) });
  print(`The practice service answers at ${service.url}`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  await service.close();
  return 0;
};
