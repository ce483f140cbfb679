// The project's own files, for the tests that read them. Everything git knows or would add, so a file is checked
// before it is committed; a plain walk where there is no git (an unpacked archive).
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Paths relative to the root, with forward slashes. */
export function listFiles(): string[] {
  const git = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const files =
    git.status === 0
      ? git.stdout.split("\0").filter((file) => file !== "" && existsSync(join(root, file)))
      : globSync("**/*.*", {
          cwd: root,
          exclude: (name) => ["node_modules", ".git", "dist", "data"].includes(name),
        });
  return [...new Set(files)].sort();
}

export function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

export type Import = { file: string; line: number; specifier: string };

/** Static imports and re-exports, types included, and dynamic imports of a literal. */
export function importsOf(file: string, source: string): Import[] {
  const found: Import[] = [];
  const code = source.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "));
  const patterns = [
    /^[ \t]*(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"'\n]+)["']/gm,
    /^[ \t]*import\s*["']([^"'\n]+)["']/gm,
    // Not behind a lone backtick: code inside a text, for a sandbox or a test, imports nothing here.
    /^(?![ \t]*\/\/)(?:[^`\n]|`[^`\n]*`)*?\bimport\(\s*["']([^"'\n]+)["']/gm,
  ];
  for (const pattern of patterns) {
    for (const match of code.matchAll(pattern)) {
      const upTo = code.slice(0, match.index + match[0].length);
      found.push({ file, line: upTo.split("\n").length, specifier: match[1] ?? "" });
    }
  }
  return found;
}
