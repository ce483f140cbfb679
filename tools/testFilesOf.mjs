// A test is told with the file that it is written in. Stories that several test files share are written in a helper,
// and what runs them are the test files that import it, maybe through other helpers.
import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";

const IMPORT = /(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

/**
 * Those of the test files (paths from `root`) that run what is written in `file`: itself, else all that import it.
 * `[undefined]` when nobody can say which.
 */
export function testFilesOf(file, testFiles, root) {
  if (testFiles.includes(file)) return [file];
  const wanted = resolve(root, file);
  const users = testFiles.filter((one) => reaches(resolve(root, one), wanted, new Set()));
  return users.length > 0 ? users : [undefined];
}

function reaches(file, wanted, seen) {
  if (file === wanted) return true;
  if (seen.has(file)) return false;
  seen.add(file);
  return importsOf(file).some((one) => reaches(one, wanted, seen));
}

const known = new Map();

function importsOf(file) {
  const found = known.get(file) ?? readImports(file);
  known.set(file, found);
  return found;
}

function readImports(file) {
  let text = "";
  try {
    text = fs.readFileSync(file, "utf8");
  } catch {
    // What cannot be read is imported by another name, and runs nothing of ours.
    return [];
  }
  return Array.from(text.matchAll(IMPORT), ([, path]) => join(dirname(file), path));
}
