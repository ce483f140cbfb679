// Files of people: stored as blobs, read back by id. Streamed both ways, so their size costs no memory.
import { endpoints } from "@auraos/contract";
import { placeOf } from "../blobs/blobId.ts";
import { dayOf } from "../blobs/blobs.types.ts";
import type { Deps } from "../deps.ts";
import { refuseHiddenFile } from "../executions/hiddenFields.ts";
import { contentType } from "../platform/body.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { type Route, route } from "../platform/http.ts";

export function uploadRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.storeBlob, async ({ body, query, caller }) => {
      const store = deps.blobs.forExecution({
        orgId: caller.orgId,
        executionId: "uploads",
        day: dayOf(deps.nowMs()),
      });
      const bytesMax = deps.settings.blobBytesMax;
      if (Number(body.headers["content-length"] ?? 0) > bytesMax) throw tooLarge(bytesMax);
      const mimeType = contentType(body) ?? "application/octet-stream";
      try {
        return { json: await store.put(body, { name: nameOf(query.name), mimeType }) };
      } catch (error) {
        if (failureCode(error) === "FILE_TOO_LARGE") throw tooLarge(bytesMax);
        throw error;
      }
    }),
    route(endpoints.getBlob, async ({ params, query, caller }) => {
      await refuseHiddenFile(deps, caller, placeOf(params.id)?.owner.executionId ?? "");
      try {
        const { stream, bytes } = await deps.blobs.open(params.id, caller.orgId);
        const name = nameOf(query.name ?? "file");
        return {
          stream,
          // Never the type somebody declared: a stored page must not become a page of this origin.
          type: "application/octet-stream",
          headers: {
            "content-length": String(bytes),
            "content-disposition": `attachment; filename="${name.replace(/[^\x20-\x7e]|["\\]/g, "_")}"`,
          },
        };
      } catch (error) {
        if (failureCode(error) === "BLOB_NOT_FOUND") throw notFound("blob with this id");
        throw error;
      }
    }),
  ];
}

/** A name of a file, not a path, without control characters. */
function nameOf(text: string): string {
  const plain = [...text.toWellFormed()].map((sign) => (/[\p{Cc}/\\]/u.test(sign) ? "_" : sign)).join("");
  return plain.slice(0, 200) || "file";
}

function failureCode(error: unknown): string | undefined {
  return (error as { failure?: { code?: string } }).failure?.code;
}

function tooLarge(bytesMax: number) {
  const message = `A blob has at most ${Math.floor(bytesMax / 1024 / 1024)} MB.`;
  return refuse(413, "TOO_LARGE", message, "Split it, or raise AURAOS_BLOB_MB.", {
    headers: { connection: "close" },
  });
}
