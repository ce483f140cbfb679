// Which codes the source of a node type can throw, told from the source itself: from the declaration of the node through
// every name it uses, file to file, to the failures that are made there. It reads the text that the formatter leaves (a
// top-level declaration begins at the start of a line), so it needs no compiler.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export type Reached = { codes: Set<string>; text: string };

type Source = { parts: Map<string, string>; imports: Map<string, { file: string; name: string }> };

const sources = new Map<string, Source>();

/** From one exported name of a file. `known`: the codes that count, with `<...>` where the rest is not fixed. */
export function reachableCodes(file: string, name: string, known: readonly string[]): Reached {
  const seen = new Set<string>();
  const texts: string[] = [];
  walk(file, name, seen, texts);
  const text = texts.join("\n");
  const codes = new Set(
    known.filter((code) => {
      const [head = "", open] = code.split("<");
      return open === undefined ? text.includes(`"${code}"`) : text.includes(`\`${head}\${`);
    }),
  );
  return { codes, text };
}

function walk(file: string, name: string, seen: Set<string>, texts: string[]): void {
  const id = `${file} ${name}`;
  if (seen.has(id)) return;
  seen.add(id);
  const source = sourceOf(file);
  const text = source.parts.get(name);
  if (text === undefined) {
    const from = source.imports.get(name);
    if (from) walk(from.file, from.name, seen, texts);
    return;
  }
  texts.push(text);
  // Names in strings and comments count too: it is better to look at too much.
  for (const word of new Set(text.match(/[A-Za-z_$][\w$]*/g)))
    if (word !== name && (source.parts.has(word) || source.imports.has(word))) walk(file, word, seen, texts);
}

function sourceOf(file: string): Source {
  const there = sources.get(file);
  if (there) return there;
  const text = readFileSync(file, "utf8");
  const parts = new Map<string, string>();
  const imports = new Map<string, { file: string; name: string }>();
  for (const [, kind, list = "", from = ""] of text.matchAll(
    /^(?:import|export) (type )?\{([^}]*)\} from "(\.[^"]+)";/gm,
  )) {
    if (kind !== undefined) continue;
    const target = join(dirname(file), from);
    if (!existsSync(target)) continue;
    for (const one of list.split(",").map((word) => word.trim())) {
      if (one === "" || one.startsWith("type ")) continue;
      const [name = "", local = name] = one.split(" as ");
      imports.set(local, { file: target, name });
    }
  }
  const begins = [
    ...text.matchAll(
      /^(?:export )?(?:async )?(?:function\*?|const|let|class|abstract class|type) +([A-Za-z_$][\w$]*)/gm,
    ),
  ];
  begins.forEach((begin, place) => {
    // Types throw nothing.
    if (/^(export )?type /.test(begin[0])) return;
    const part = text.slice(begin.index, begins[place + 1]?.index ?? text.length);
    // What is declared proves nothing.
    parts.set(begin[1] as string, part.replace(/^ {2}errors: nodeErrors\([\s\S]*?\),\n/m, ""));
  });
  const source = { parts, imports };
  sources.set(file, source);
  return source;
}
