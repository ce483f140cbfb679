// Builds everything a running AuraOS consists of and puts it away again, in order. Path: main.ts -> assemble -> listen.
//
//   data folder locked, database there -> schema -> organization and key    openParts.ts
//   -> parts                                                                wireParts.ts
//   -> HTTP listens -> engine leads                                         runServer.ts
//   stop: nothing new -> requests answered -> activities end -> lease given back -> connections -> database
//
// HTTP listens before the engine leads, so that health can say what is being waited for.
import type { AssembleOptions, Running } from "./assemble.types.ts";
import { createCleanups } from "./cleanups.ts";
import { openParts } from "./openParts.ts";
import type { Settings } from "./platform/settings.ts";
import { runServer } from "./runServer.ts";
import { wireParts } from "./wireParts.ts";

export type { AssembleOptions, Running } from "./assemble.types.ts";

export async function assemble(given: Settings, options: AssembleOptions): Promise<Running> {
  const cleanups = createCleanups(options.log);
  try {
    const opened = await openParts(given, options.log, cleanups);
    const wired = await wireParts(opened, options, cleanups);
    return await runServer(opened, wired, options, cleanups);
  } catch (error) {
    await cleanups.run();
    throw error;
  }
}
