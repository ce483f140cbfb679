// From the path a workflow names to a place inside a folder, or a refusal.
//
// Invariant: what comes out lies inside the root. The names cannot leave it (no absolute path, no `..`), and no part of
// the way is a symbolic link, which is checked on the disk part by part.
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { ActivityError } from "@auraos/nodes/defineNode.ts";

const pathLengthMax = 1_024;
const nameBytesMax = 255;

/** The parts of a relative path, `.` and doubled slashes left out. */
export function partsOf(path: string): string[] {
  if (path.length > pathLengthMax) throw badPath(path, "is too long");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(path)) throw badPath(path, "contains control characters");
  if (/^[/\\~]|^[A-Za-z]:/.test(path)) throw fileOutside(path);
  if (path.includes("\\")) throw badPath(path, "contains a backslash; folders are separated by /");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw fileOutside(path);
  if (parts.length === 0) throw badPath(path, "names no file");
  if (parts.some((part) => Buffer.byteLength(part) > nameBytesMax))
    throw badPath(path, "has a name that is too long");
  return parts;
}

/** The parts of a folder's path; none for the area itself. */
export function folderPartsOf(path: string): string[] {
  return /^(\.?\/)*\.?$/.test(path) && !path.startsWith("/") ? [] : partsOf(path);
}

/** Is the folder there? Refuses links on the way. */
export async function hasFolder(root: string, parts: readonly string[], path: string): Promise<boolean> {
  let place = root;
  for (const part of parts) {
    place = join(place, part);
    const found = await lstat(place).catch((error: unknown) => {
      if (isCode(error, "ENOENT", "ENOTDIR")) return undefined;
      throw error;
    });
    if (!found) return false;
    if (found.isSymbolicLink()) throw fileOutside(path);
    if (!found.isDirectory())
      throw fileError("FILE_IS_NO_FOLDER", `"${path}" is no folder.`, "Name the folder that the file is in.");
  }
  return true;
}

/** How far the way down from `root` exists: the number of parts that are there. Refuses links on the way. */
export async function walk(root: string, parts: readonly string[], path: string): Promise<number> {
  let place = root;
  for (const [index, part] of parts.entries()) {
    place = join(place, part);
    const found = await lstat(place).catch((error: unknown) => {
      if (isCode(error, "ENOENT")) return undefined;
      throw error;
    });
    if (!found) return index;
    if (found.isSymbolicLink()) throw fileOutside(path);
    const isLast = index === parts.length - 1;
    if (!isLast && !found.isDirectory()) throw fileNotFound(path);
    if (isLast && found.isDirectory())
      throw fileError("FILE_IS_FOLDER", `"${path}" is a folder.`, "Name a file inside it.");
    if (isLast && !found.isFile())
      throw fileError("FILE_SPECIAL", `"${path}" is not an ordinary file.`, "Use another file.");
  }
  return parts.length;
}

export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

export function fileOutside(path: string): ActivityError {
  return fileError(
    "FILE_OUTSIDE",
    `"${path}" leads out of the file area.`,
    "Use a path relative to the file area (AURAOS_FILES), without .. and without links.",
  );
}

export function fileNotFound(path: string): ActivityError {
  return fileError(
    "FILE_NOT_FOUND",
    `The file "${path}" is not there.`,
    "Paths are relative to the file area (AURAOS_FILES).",
  );
}

export function fileTooLarge(path: string, bytesMax: number): ActivityError {
  return fileError(
    "FILE_TOO_LARGE",
    `The file "${path}" is larger than ${Math.round(bytesMax / 1024 / 1024)} MB.`,
    "Split it into smaller files.",
    "limit",
  );
}

export function tooManyFiles(path: string, filesMax: number): ActivityError {
  return fileError(
    "FILES_BOUND",
    `There are more than ${filesMax} files in "${path}".`,
    'Choose a smaller folder, or raise "filesMax".',
    "limit",
  );
}

export function fileReadOnly(path: string): ActivityError {
  return fileError(
    "FILE_READ_ONLY",
    `"${path}" cannot be written: there is no folder for writing.`,
    "Set AURAOS_FILES to a folder.",
  );
}

function badPath(path: string, trouble: string): ActivityError {
  const shown = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return fileError(
    "FILE_PATH_INVALID",
    `The path ${JSON.stringify(shown)} ${trouble}.`,
    "Use a relative path such as reports/week.csv.",
  );
}

function fileError(
  code: string,
  message: string,
  remedy: string,
  kind: "data" | "limit" = "data",
): ActivityError {
  return new ActivityError({ code, class: kind, message, remedy, field: "path", certainty: "notDone" });
}
