// What is wrong with an archive, in words.
import { ActivityError } from "../defineNode.ts";
import { malformedText } from "../malformed.ts";

export function broken(what: string): ActivityError {
  return malformedText(`The file cannot be unpacked: ${what}.`);
}

export function tooMuch(bytesMax: number): ActivityError {
  return tooLarge(`Unpacked, the files are larger than ${bytesMax} bytes.`);
}

export function tooLarge(message: string): ActivityError {
  return new ActivityError({
    code: "ARCHIVE_TOO_LARGE",
    class: "limit",
    message,
    remedy: "Raise the bound if you trust the file.",
    certainty: "notDone",
  });
}
