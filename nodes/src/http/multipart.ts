// A multipart/form-data body. The boundary comes from the idempotency key, so every attempt sends the same bytes.
import { isObject, type Json } from "@auraos/kernel";
import type { ActivityCall, ActivityContext } from "../defineNode.ts";
import { mimeTypeOf } from "../file/mimeType.ts";
import { show, wrongData, wrongParameter } from "../readConfig.ts";

export async function multipartBody(
  body: Json,
  call: ActivityCall,
  context: ActivityContext,
): Promise<{ content: Uint8Array; type: string }> {
  if (!isObject(body)) throw wrongParameter("body", `must be an object of form fields, not ${show(body)}.`);
  const boundary = `aura-${Buffer.from(call.idempotencyKey).toString("hex").slice(-48)}`;
  const parts: Uint8Array[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (value === null) continue;
    const part = await partOf(value, call, context);
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${part.head}\r\n\r\n`;
    parts.push(Buffer.from(head), part.bytes, Buffer.from("\r\n"));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { content: Buffer.concat(parts), type: `multipart/form-data; boundary=${boundary}` };
}

type Part = { head: string; bytes: Uint8Array };

/** `{file}` names a file of the item, `{content, name, type?}` is a file written here, anything else is a plain field. */
async function partOf(value: unknown, call: ActivityCall, context: ActivityContext): Promise<Part> {
  if (isObject(value) && typeof value.file === "string") return filePart(value.file, call, context);
  if (isObject(value) && typeof value.content === "string" && typeof value.name === "string") {
    const type = typeof value.type === "string" ? value.type : mimeTypeOf(value.name);
    return { head: fileHead(value.name, type), bytes: Buffer.from(value.content) };
  }
  return { head: "", bytes: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)) };
}

async function filePart(name: string, call: ActivityCall, context: ActivityContext): Promise<Part> {
  const file = call.items[0]?.files?.[name];
  if (!file) throw wrongData(`The item has no file "${name}".`);
  return { head: fileHead(file.name, file.mimeType), bytes: await context.blobs.get(file) };
}

function fileHead(name: string, type: string): string {
  return `; filename="${quoted(name)}"\r\ncontent-type: ${type.replace(/[\r\n]/g, "")}`;
}

/** As browsers do it: quotes and line breaks are percent-encoded. */
function quoted(text: string): string {
  return text.replace(/"/g, "%22").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
