// What a workflow may reach beyond the installation's rules: private addresses and a folder to read from.
//
// Granted by the command line (`auraos run FILE --allow-host H:P`) with a file in the data folder, never by a request:
// whoever holds an API key must not be able to open files or networks of this machine, whoever can write into the
// data folder can do so anyway. <data>/grants/<workflow id>.json = {folder?, allowHosts?}
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FileArea, HttpClient } from "@auraos/nodes";
import { createFileArea, type FileRoot } from "../blobs/createFileArea.ts";
import { createAddressRules } from "../outbound/addressRules.ts";
import { createHttpClient } from "../outbound/httpClient.ts";
import { permittedAddress } from "../outbound/permittedAddress.ts";

export type Grant = { folder?: string; allowHosts?: string[] };

export type Reach = {
  http(workflowId: string): HttpClient;
  /** An address of the host that the workflow may connect to, or a refusal. */
  addressOf(workflowId: string, host: string, port: number): Promise<string>;
  files(workflowId: string): FileArea;
  close(): Promise<void>;
};

type Client = ReturnType<typeof createHttpClient>;

export function createReach(options: { dataDir: string; filesDir: string; allowHosts: string[] }): Reach {
  const folder = join(options.dataDir, "grants");
  const ordinary = createHttpClient({ allow: options.allowHosts });
  const ordinaryRules = createAddressRules(options.allowHosts);
  const own: FileRoot = { folder: options.filesDir, access: "readWrite" };
  const files = createFileArea({ roots: [own] });
  const clients = new Map<string, Client>();
  let grants = new Map<string, Grant | null>();
  let seenMs = -1;
  return {
    http: (workflowId) => {
      const allow = grantOf(workflowId)?.allowHosts;
      return allow === undefined || allow.length === 0 ? ordinary : clientFor(allow);
    },
    addressOf: (workflowId, host, port) => {
      const allow = grantOf(workflowId)?.allowHosts ?? [];
      const rules =
        allow.length === 0 ? ordinaryRules : createAddressRules([...options.allowHosts, ...allow]);
      return permittedAddress(rules, host, port);
    },
    files: (workflowId) => {
      const read = grantOf(workflowId)?.folder;
      return read === undefined ? files : createFileArea({ roots: [own, { folder: read, access: "read" }] });
    },
    close: async () => {
      await Promise.all([ordinary, ...clients.values()].map((client) => client.close()));
    },
  };

  /** A grant is renamed into place, which changes the folder's time: one look at it tells whether anything is new. */
  function grantOf(workflowId: string): Grant | null {
    const changedMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (changedMs !== seenMs) {
      grants = new Map();
      seenMs = changedMs;
    }
    if (changedMs === 0) return null;
    let grant = grants.get(workflowId);
    if (grant === undefined) {
      grant = readGrant(folder, workflowId);
      grants.set(workflowId, grant);
    }
    return grant;
  }

  function clientFor(allow: string[]): Client {
    const all = [...new Set([...options.allowHosts, ...allow])].sort();
    const key = all.join(",");
    const known = clients.get(key);
    if (known) return known;
    const made = createHttpClient({ allow: all });
    clients.set(key, made);
    return made;
  }
}

export function writeGrant(dataDir: string, workflowId: string, grant: Grant): void {
  const folder = join(dataDir, "grants");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${workflowId}.json`);
  if (JSON.stringify(readGrant(folder, workflowId)) === JSON.stringify(grant)) return;
  writeFileSync(`${file}.new`, JSON.stringify(grant), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function readGrant(folder: string, workflowId: string): Grant | null {
  try {
    return JSON.parse(readFileSync(join(folder, `${workflowId}.json`), "utf8")) as Grant;
  } catch {
    return null;
  }
}
