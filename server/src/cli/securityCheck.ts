// `auraos security-check`: what could be safer. Exit code 1 when something is critical, for scripts.
import type { SecurityCheck } from "@auraos/contract";
import { type Command, CommandError, print, printJson, readArgs } from "./command.ts";
import { ApiRefusal, reach } from "./reach.ts";

export const securityCheck: Command = async (args, settings) => {
  const { values } = readArgs(args, { json: { type: "boolean", default: false } });
  const api = await reach(settings);
  try {
    const check = (await api.request("GET", "/api/v1/security-check")).json as SecurityCheck;
    if (values.json) printJson(check);
    else {
      for (const { severity, title, detail, remedy } of check.items)
        print(`${severity.toUpperCase().padEnd(8)} ${title}\n         ${detail} ${remedy}`);
      print(`${check.items.length} findings; in order: ${check.passed.join(", ")}`);
    }
    return check.items.some(({ severity }) => severity === "critical") ? 1 : 0;
  } catch (error) {
    if (error instanceof ApiRefusal) throw new CommandError(1, error.message);
    throw error;
  } finally {
    await api.close();
  }
};
