// A process of its own that downloads a file, packs it and unpacks it again, as nodes do in the server, so that its peak
// memory is that of the job.
//   node largeFiles.worker.ts URL FOLDER  ->  {"before": bytes, "steps": {"download": {"peak": ..., "sha256": ...}, ...}}
import { createHash } from "node:crypto";
import type { FileRef, Item, JsonObject } from "@auraos/kernel";
import { findNodeType, type NodeModule } from "@auraos/nodes";
import { runNode } from "@auraos/nodes/testing.ts";
import { createHttpClient } from "../outbound/httpClient.ts";
import { createBlobStore } from "./createBlobStore.ts";

const [, , url = "", folder = ""] = process.argv;
const http = createHttpClient({ allow: ["127.0.0.1"] });
const blobs = createBlobStore(folder).forExecution({ orgId: "o", executionId: "e", day: "2026-01-01" });
const peak = () => process.resourceUsage().maxRSS * 1024;

const steps: Record<string, { peak: number; bytes: number; sha256: string }> = {};
const before = peak();
let item: Item = { json: {} };
await step("download", "http", { url, responseBytesMax: 1_000_000_000, timeoutSeconds: 600 });
await step("zip", "compress", { bytesMax: 1_000_000_000 });
await step("unzip", "decompress", { bytesMax: 1_000_000_000 });
await http.close();
console.log(JSON.stringify({ before, steps }));

async function step(name: string, type: string, config: JsonObject): Promise<void> {
  const { main } = await runNode(
    findNodeType(type) as NodeModule,
    { config, items: [item] },
    { http, blobs },
  );
  item = main?.items[0] as Item;
  const file = item.files?.data as FileRef;
  const hash = createHash("sha256");
  for await (const chunk of blobs.stream(file)) hash.update(chunk);
  steps[name] = { peak: peak(), bytes: file.bytes, sha256: hash.digest("hex") };
}
