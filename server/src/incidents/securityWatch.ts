// Feeds the detector with what passes this server, and keeps what it finds. On the path of a request it costs a look at the
// connection: only a key that comes over a new one is thought about.
import type { Endpoint } from "@auraos/contract";
import type { Request } from "express";
import type { Audit, AuditFact } from "../audit/createAudit.ts";
import type { Caller } from "../platform/caller.ts";
import { type ClientAddress, clientKey } from "../platform/clientAddress.ts";
import { type Pool, withTenant } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { createDetector, type Detection, type Detector } from "./detect.ts";
import { listPlaces, putFinding, putPlace } from "./findingStore.ts";

export type SecurityWatch = {
  /** A request that was answered. */
  request(endpoint: Endpoint, caller: Caller, request: Request): void;
  stop(): Promise<void>;
};

export function createSecurityWatch(options: {
  pool: Pool;
  audit: Pick<Audit, "onNote">;
  clientOf: ClientAddress;
  nowMs: () => number;
  newId: () => string;
  log: Log;
  /** Something was found and kept. */
  onChange?: (orgId: string) => void;
}): SecurityWatch {
  const { pool, clientOf, nowMs, log } = options;
  // Accounts are of the whole server, credentials of one organization.
  const signIns = createDetector();
  const detectors = new Map<string, Promise<Detector>>();
  const seen = new WeakMap<object, string>();
  const writing = new Set<Promise<unknown>>();
  options.audit.onNote(onNote);
  return {
    request(endpoint, caller, request) {
      if (caller.credentialId === null) return;
      if (caller.via === "key") onUse(caller, request);
      if (endpoint.method === "get") onRead(endpoint, caller, request);
    },
    async stop() {
      await Promise.all(writing);
    },
  };

  function onNote(fact: AuditFact, atMs: number): void {
    if (fact.kind !== "signIn" && fact.kind !== "signInFailed") return;
    const event = {
      ...({ kind: "signIn", atMs, place: networkOf(fact.address ?? "") } as const),
      account: fact.userId ?? fact.object ?? "unknown",
      isGood: fact.kind === "signIn",
    };
    for (const found of signIns.observe(event)) for (const orgId of fact.orgIds) keep(orgId, found);
  }

  function onUse(caller: Caller, request: Request): void {
    const { orgId, credentialId, actor } = caller;
    const credential = credentialId ?? "";
    if (seen.get(request.socket) === credential) return;
    seen.set(request.socket, credential);
    const place = networkOf(clientOf(request));
    track(async () => {
      const detector = await detectorOf(orgId);
      const isKnown = detector.knows(credential, place);
      const found = detector.observe({ kind: "use", atMs: nowMs(), credential, place });
      if (!isKnown) await withTenant(pool, orgId, (tx) => putPlace(tx, { orgId, credential, place }));
      for (const one of found) keep(orgId, by(actor, one));
    });
  }

  function onRead(endpoint: Endpoint, caller: Caller, request: Request): void {
    const { orgId, actor, via } = caller;
    // Of a session the habits are the person's: it is a new one after each sign-in.
    const credential = (via === "session" ? caller.userId : caller.credentialId) ?? "";
    const isExport = /\/(export|evidence)$/.test(endpoint.path);
    // Lists and settings are looked at all day; what is counted is one thing after the other.
    if (!isExport && endpoint.params === undefined) return;
    track(async () => {
      const detector = await detectorOf(orgId);
      const found = detector.observe({
        ...{ kind: "read", atMs: nowMs(), credential, isExport },
        object: request.path,
      });
      for (const one of found) keep(orgId, by(actor, one));
    });
  }

  function detectorOf(orgId: string): Promise<Detector> {
    let made = detectors.get(orgId);
    if (made === undefined) {
      made = learned(orgId);
      detectors.set(orgId, made);
      made.catch(() => detectors.delete(orgId));
    }
    return made;
  }

  async function learned(orgId: string): Promise<Detector> {
    const detector = createDetector();
    for (const { credential, place, firstSeen } of await withTenant(pool, orgId, (tx) =>
      listPlaces(tx, orgId),
    ))
      detector.learn(credential, place, firstSeen.getTime());
    return detector;
  }

  function keep(orgId: string, found: Detection): void {
    log("warn", `security: ${found.title}`, { orgId, about: found.key, detail: found.detail });
    track(async () => {
      await withTenant(pool, orgId, (tx) => putFinding(tx, { id: options.newId(), orgId, ...found }));
      options.onChange?.(orgId);
    });
  }

  function track(work: () => Promise<unknown>): void {
    const doing: Promise<unknown> = work()
      .catch((error: unknown) => log("warn", "the security watch could not keep something", { error }))
      .finally(() => writing.delete(doing));
    writing.add(doing);
  }
}

function by(actor: string, found: Detection): Detection {
  return { ...found, detail: `${actor}. ${found.detail}`, parameters: { ...found.parameters, actor } };
}

/** What counts as one place: IPv4 by /24, IPv6 by /64. */
function networkOf(address: string): string {
  const key = clientKey(address);
  return /^[\d.]+$/.test(key) ? `${key.slice(0, key.lastIndexOf("."))}.0/24` : key || "unknown";
}
