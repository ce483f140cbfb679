// What went wrong with a file, in words; errors the file area already explains pass.
import { ActivityError } from "../defineNode.ts";

const meanings: Record<string, { code: string; text: string }> = {
  ENOENT: { code: "FILE_NOT_FOUND", text: "is not there" },
  EISDIR: { code: "FILE_IS_FOLDER", text: "is a folder" },
  ENOTDIR: { code: "FILE_NOT_FOUND", text: "is not there: part of its path is a file" },
  EACCES: { code: "FILE_NOT_ALLOWED", text: "may not be used by AuraOS" },
  ENOSPC: { code: "DISK_FULL", text: "did not fit: the disk is full" },
};

export function fileFailure(error: unknown, path: string): unknown {
  if (error instanceof ActivityError || !(error instanceof Error)) return error;
  const meaning = "code" in error ? meanings[String(error.code)] : undefined;
  if (!meaning) return error;
  return new ActivityError({
    code: meaning.code,
    class: "data",
    message: `The file "${path}" ${meaning.text}.`,
    remedy: "Paths are relative to the file area of the workflow.",
    field: "path",
    certainty: "notDone",
  });
}
