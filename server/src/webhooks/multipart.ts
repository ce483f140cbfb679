// Multipart bodies: fields become data, files become blobs. A field or file that comes again makes a list or a number.
import type { FileRef, Json, JsonObject } from "@auraos/kernel";
import { refuse } from "../platform/errors.ts";
import type { StoreFile } from "./hookRequest.ts";

const PARTS_MAX = 1_000;

export async function readMultipart(
  bytes: Buffer,
  contentType: string,
  storeFile: StoreFile,
): Promise<{ body: JsonObject; files: Record<string, FileRef> }> {
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } }).formData();
  } catch {
    throw refuse(
      400,
      "MULTIPART_INVALID",
      "The body is not the multipart that its content type says.",
      "Send the boundary of the body in its content type.",
    );
  }
  const body: [string, Json][] = [];
  const files: Record<string, FileRef> = {};
  let parts = 0;
  for (const [name, value] of form) {
    parts += 1;
    if (parts > PARTS_MAX)
      throw refuse(413, "MULTIPART_PARTS", `A body has at most ${PARTS_MAX} parts.`, "Send fewer.");
    if (name === "__proto__")
      throw refuse(400, "KEY_FORBIDDEN", "A field is named __proto__.", "Rename the field.");
    if (typeof value === "string") {
      const known = body.find(([other]) => other === name);
      if (known) known[1] = [known[1], value].flat();
      else body.push([name, value]);
      continue;
    }
    // A browser sends a file that was not chosen as one without name and content.
    if (value.name === "" && value.size === 0) continue;
    const key = freeName(files, name);
    files[key] = await storeFile(Buffer.from(await value.arrayBuffer()), {
      name: fileName(value.name) || key,
      mimeType: value.type || "application/octet-stream",
    });
  }
  return { body: Object.fromEntries(body), files };
}

function freeName(files: Record<string, FileRef>, name: string): string {
  if (!Object.hasOwn(files, name)) return name;
  let number = 2;
  while (Object.hasOwn(files, `${name}_${number}`)) number += 1;
  return `${name}_${number}`;
}

/** A name of a file, not a path. */
function fileName(text: string): string {
  return text
    .toWellFormed()
    .replace(/^.*[/\\]/s, "")
    .replace(/\p{Cc}/gu, "_")
    .slice(0, 200);
}
