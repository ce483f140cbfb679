// A wired AuraOS begins and ends: HTTP listens, the engine leads, and in the end everything stops in order.
import { rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buildApp } from "./app.ts";
import type { AssembleOptions, Running } from "./assemble.types.ts";
import { holdAfterRestore } from "./backup/holdAfterRestore.ts";
import type { Cleanups } from "./cleanups.ts";
import type { Deps } from "./deps.ts";
import type { Holder } from "./engine/store.ts";
import { housekeeping } from "./housekeeping.ts";
import { isLoopback } from "./identity/mail.ts";
import { attachLive } from "./live/socket.ts";
import type { Opened } from "./openParts.ts";
import { openListener } from "./platform/listener.ts";
import { listeningUrl, ownUrl } from "./platform/ownUrl.ts";
import { type Settings, SettingsError } from "./platform/settings.ts";
import type { Wired } from "./wireParts.ts";
import { attachWorkers } from "./workers/remoteWorkers.ts";

export async function runServer(
  { database, first }: Opened,
  { deps, holder, store, ending }: Wired,
  options: AssembleOptions,
  cleanups: Cleanups,
): Promise<Running> {
  const {
    settings,
    journal,
    hooks,
    blobs,
    protection,
    audit,
    checkpoints,
    newId,
    nowMs,
    engine,
    schedules,
    tasks,
    alerts,
    events,
    triggers,
    log,
  } = deps;
  await refuseOpenDoor(deps);
  const server = openListener(settings.tls, buildApp(deps, options), log);
  await listen(server, settings);
  settings.port = (server.address() as AddressInfo).port;
  // Over TLS the certificate is for the public name, so that is where the command line of this machine asks too.
  const url = settings.tls === undefined ? listeningUrl(settings) : ownUrl(settings);
  holder.address = url;
  cleanups.add(() => deps.identity.watchers.close());
  const sockets = attachLive(server, deps);
  cleanups.add(() => sockets.close());
  const joining = attachWorkers(server, deps);
  cleanups.add(() => joining.close());
  cleanups.add(() => closeServer(server));
  const note = join(settings.dataDir, "server.json");
  writeFileSync(note, JSON.stringify({ url, key: deps.keys.localKey, pid: process.pid }), { mode: 0o600 });
  cleanups.add(() => rmSync(note, { force: true }));

  cleanups.add(
    housekeeping({
      databaseUrl: database.url,
      journal,
      hooks,
      blobs,
      retentionDays: settings.retentionDays,
      leaving: { audit, checkpoints, archiveDir: settings.auditArchiveDir, newId, log },
      onSwept: (swept) => protection.noteSwept(swept, nowMs()),
      isLeading: () => engine.status().state === "leading",
      log,
    }),
  );
  cleanups.add(() => engine.stop({ drainMs: settings.drainMs }));
  // While it still leads: the last minute is signed too.
  cleanups.add(() => checkpoints.stop());
  cleanups.add(() => schedules.stop());
  cleanups.add(() => tasks.stop());
  cleanups.add(() => alerts.stop());
  cleanups.add(() => events.stop());
  cleanups.add(() => triggers.stop());
  const lead = async () => {
    // With a database of its own nobody else can lead: whoever held the lease is gone.
    const other = await store.holder();
    const isAlone = other === null || settings.databaseUrl === undefined || isDead(other, holder.host);
    if (isAlone) await engine.begin({ insteadOf: other?.id, standby: "later" });
    else void engine.begin({ standby: true });
  };
  deps.hold = await holdAfterRestore(settings.dataDir, lead, log);
  cleanups.add(() => deps.hold?.stop());

  let stopping: Promise<void> | undefined;
  const stop = () => {
    ending.abort();
    stopping ??= finishRequests(server, settings.drainMs).then(cleanups.run);
    return stopping;
  };
  return { deps, url, newKey: first.newKey, orgId: first.orgId, envId: first.envId, stop };
}

function isDead(other: Holder, host: string): boolean {
  if (other.host !== host) return false;
  try {
    process.kill(other.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Reachable by others, nobody's yet: whoever comes first would be the owner. */
async function refuseOpenDoor({ settings, identity }: Deps): Promise<void> {
  if (isLoopback(settings.host) || settings.apiKey !== undefined) return;
  if ((await identity.setUpToken()) === undefined) return;
  throw new SettingsError([
    `HOST=${settings.host} would let others in before this server has an owner. Start it once without HOST and make the ` +
      "owner's account at the address that is printed, or set AURAOS_API_KEY.",
  ]);
}

function listen(server: Server, settings: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Open requests are answered (those that wait get their 202 at once), then idle connections end. */
async function finishRequests(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  const late = new Promise<void>((resolve) => setTimeout(resolve, Math.min(withinMs, 2_000)).unref());
  await Promise.race([closed, late]);
  clearInterval(sweep);
}

function closeServer(server: Server): void {
  server.closeAllConnections();
}
