// Loaded before everything else in a process with a planted bug: changes the sources that it names.
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import type { Patch } from "./patch.ts";

const patches = JSON.parse(readFileSync(process.env.SIM_PATCHES as string, "utf8")) as Patch[];

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const own = url.startsWith("file:")
      ? patches.filter(({ file }) => fileURLToPath(url).replaceAll("\\", "/").endsWith(`/${file}`))
      : [];
    if (own.length === 0) return loaded;
    let source = String(loaded.source);
    for (const { file, find, replace } of own) {
      const parts = source.split(find);
      if (parts.length !== 2)
        throw new Error(`planted bug: ${parts.length - 1} places in ${file} match: ${find}`);
      source = parts.join(replace);
    }
    return { ...loaded, source };
  },
});
