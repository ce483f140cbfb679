// Builds everything a running AuraOS consists of and puts it away again, in order. Path: main.ts -> assemble -> listen.
//
//   data folder locked, database there -> schema -> organization and key -> parts -> HTTP listens -> engine leads
//   stop: nothing new -> requests answered -> activities end -> lease given back -> connections -> database
//
// HTTP listens before the engine leads, so that health can say what is being waited for.
import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { compileTemplate } from "@auraos/expression";
import { findNodeType, type NodeModule, nodeTypes } from "@auraos/nodes";
import { closeConnections } from "@auraos/nodes/closeConnections.ts";
import { createCodeRunner } from "@auraos/nodes/sandbox/createCodeRunner.ts";
import { firstStart } from "./access/firstStart.ts";
import { createKeys } from "./access/keys.ts";
import { findEnvironment } from "./access/store.ts";
import type { About } from "./activities/activityContext.ts";
import { createActivityRunner } from "./activities/createActivityRunner.ts";
import { createReach } from "./activities/reach.ts";
import { sealOldAddresses } from "./alerts/sealOldAddresses.ts";
import { createAlertWatch } from "./alerts/watch.ts";
import { buildApp } from "./app.ts";
import { createCheckpoints } from "./audit/checkpoints.ts";
import { createAudit } from "./audit/createAudit.ts";
import { openJournal } from "./audit/journal.ts";
import { type BackupSource, createBackups } from "./backup/createBackups.ts";
import { holdAfterRestore } from "./backup/holdAfterRestore.ts";
import { createBlobStore } from "./blobs/createBlobStore.ts";
import { createConnections } from "./connections/createConnections.ts";
import { redactingRunner } from "./connections/redactingRunner.ts";
import { createExpiryWatch } from "./connections/tellExpiring.ts";
import { createDataProtection } from "./dataProtection/createDataProtection.ts";
import { createSubjectKeys } from "./dataProtection/subjectKeys.ts";
import { tableStoreOf } from "./dataTables/tableStore.ts";
import type { Deps } from "./deps.ts";
import { systemClock } from "./engine/clock.ts";
import { createCrashMarker } from "./engine/crashMarker.ts";
import { createEngine } from "./engine/createEngine.ts";
import type { EngineLimits } from "./engine/engine.types.ts";
import { createIds } from "./engine/ids.ts";
import { openPostgresStore } from "./engine/postgres/store.ts";
import type { Holder, Store } from "./engine/store.ts";
import { createEventBus } from "./events/createEventBus.ts";
import { publisherOf } from "./events/publishFromNode.ts";
import { tellOfServer } from "./events/tellOfServer.ts";
import { tellSchedulePaused } from "./events/tellSchedulePaused.ts";
import { forgetProjections } from "./executions/projections.ts";
import { createRecordings } from "./executions/recordings.ts";
import { type RunRequest, runFromNode } from "./executions/runFromNode.ts";
import { createDiskWatch, type FreeSpace, freeSpaceOf } from "./health/diskWatch.ts";
import { createHostLimits } from "./hostLimits/hostLimits.ts";
import { housekeeping } from "./housekeeping.ts";
import { createIdentity } from "./identity/createIdentity.ts";
import { isLoopback } from "./identity/mail.ts";
import { createFreezes } from "./incidents/freezes.ts";
import { createSecurityWatch } from "./incidents/securityWatch.ts";
import { createChanges } from "./live/changes.ts";
import { createLiveHub } from "./live/hub.ts";
import { createLiveReads } from "./live/reads.ts";
import { attachLive } from "./live/socket.ts";
import { guardStarts } from "./maintenance/guardStarts.ts";
import { createStartKeys, withConcurrencyKeys } from "./maintenance/startKeys.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { migrate } from "./migrations/migrate.ts";
import { loadNodes } from "./nodeTypes/loadNodes.ts";
import { createOrgLimits } from "./orgLimits/createOrgLimits.ts";
import { createOperatorReach } from "./outbound/operatorReach.ts";
import { createBatches } from "./platform/batches.ts";
import { createClientAddress } from "./platform/clientAddress.ts";
import { openPool, type Pool, type PoolOptions } from "./platform/db.ts";
import { openListener } from "./platform/listener.ts";
import type { Log } from "./platform/log.ts";
import { listeningUrl, ownUrl } from "./platform/ownUrl.ts";
import { lockFolder } from "./platform/postgres/lockFolder.ts";
import { startDatabase } from "./platform/postgres/startDatabase.ts";
import { type Settings, SettingsError } from "./platform/settings.ts";
import { QUERY_WITHIN_MS } from "./platform/within.ts";
import { createPoolGate } from "./pools/gate.ts";
import { createScheduler } from "./schedules/scheduler.ts";
import { createTaskMonitor } from "./tasks/monitor.ts";
import { topNodes } from "./tasks/progress.ts";
import { createTaskRunner } from "./tasks/runner.ts";
import { createListeners } from "./triggers/listeners.ts";
import { createVariables } from "./variables/createVariables.ts";
import { createVault } from "./vault/createVault.ts";
import { openPayloadCipher } from "./vault/openPayloadCipher.ts";
import { readRootKeys } from "./vault/rootKeys.ts";
import { createHookTable } from "./webhooks/hookTable.ts";
import { createResumeTokens } from "./webhooks/resumeToken.ts";
import { createTestHooks } from "./webhooks/testHooks.ts";
import { attachWorkers } from "./workers/remoteWorkers.ts";
import { createWorkers } from "./workers/workers.ts";
import { createPrograms } from "./workflows/programs.ts";
import { createPublishedWorkflows } from "./workflows/publishedWorkflows.ts";

/** With backups on, at most so much of what was committed is not in the archive yet. */
const WAL_WITHIN_SECONDS = 60;

export type Running = {
  deps: Deps;
  url: string;
  /** Made by this very start; shown once. */
  newKey: string | undefined;
  orgId: string;
  envId: string;
  stop(): Promise<void>;
};

export type AssembleOptions = {
  log: Log;
  /** Tests hold every answer against the contract. */
  checkReplies?: boolean;
  limits?: Partial<EngineLimits>;
  /** Tests fill the disk with it. */
  freeSpace?: FreeSpace;
  /** Node types beside those of the library; benchmarks have some of their own. */
  nodeModules?: readonly NodeModule[];
};

type Database = {
  url: string;
  state: Deps["database"];
  stop(): Promise<void>;
  /** Its files, where they are ours. */
  source?: BackupSource;
};

export async function assemble(given: Settings, options: AssembleOptions): Promise<Running> {
  const { log } = options;
  const cleanups: (() => Promise<unknown> | unknown)[] = [];
  const stopAll = async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) {
      try {
        await cleanup();
      } catch (error) {
        log("warn", "something did not end well", { error });
      }
    }
  };
  try {
    return await build(given, options, cleanups, stopAll);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function build(
  given: Settings,
  options: AssembleOptions,
  cleanups: (() => Promise<unknown> | unknown)[],
  stopAll: () => Promise<void>,
): Promise<Running> {
  const { log } = options;
  const settings = { ...given };
  const database = await openDatabase(settings, log);
  let drain = async () => {};
  cleanups.push(() => drain());
  cleanups.push(() => database.stop());
  await migrate(database.url);
  const ids = createIds();
  const nowMs = systemClock.now;
  const newId = () => ids.execution(nowMs());
  const first = await firstStart(database.url, { apiKey: settings.apiKey, newId });

  const api = boundPool(database.url, { role: "auraos_api", name: "api", max: 8 });
  cleanups.push(() => api.end());
  const journal = boundPool(database.url, { role: "auraos_engine", name: "reads", max: 4 });
  cleanups.push(() => journal.end());

  const schedulePool = boundPool(database.url, { role: "auraos_engine", name: "schedules", max: 2 });
  cleanups.push(() => schedulePool.end());

  const tablePool = boundPool(database.url, { role: "auraos_api", name: "tables", max: 4 });
  cleanups.push(() => tablePool.end());
  cleanups.push(() => closeConnections());
  const people = boundPool(database.url, { role: "auraos_identity", name: "identity", max: 4 });
  cleanups.push(() => people.end());

  const eventPool = boundPool(database.url, { role: "auraos_engine", name: "events", max: 4 });
  cleanups.push(() => eventPool.end());

  const evaluator = { compileTemplate };
  const roots = readRootKeys(settings.dataDir, settings.vaultKey, settings.vaultKeyCommand);
  const cipher = await openPayloadCipher({
    ...{ pool: journal, roots, newId, nowMs, log },
    ...{ isOn: settings.payloads === "sealed", lost: settings.lostRootKeys },
  });
  const blobs = createBlobStore(join(settings.dataDir, "blobs"), { bytesMax: settings.blobBytesMax, cipher });
  const reach = createReach(settings);
  cleanups.push(() => reach.close());
  const operatorReach = createOperatorReach(settings);
  cleanups.push(() => operatorReach.close());
  const code = createCodeRunner();
  cleanups.push(() => code.close());
  mkdirSync(settings.filesDir, { recursive: true });
  if (settings.nodesDir !== undefined) await loadNodes(settings.nodesDir);
  const more = new Map(options.nodeModules?.map((module) => [module.type, module]));
  const nodeType = (type: string) => findNodeType(type) ?? more.get(type);
  const programs = createPrograms({ journal, nodeType, evaluator });
  const published = createPublishedWorkflows({ journal, nowMs });
  const variables = createVariables({ journal, nowMs });
  const hooks = createHookTable(journal);
  await hooks.reload();

  const envOf = async (orgId: string) => (await findEnvironment(journal, orgId)) ?? first.envId;
  const typesOf = (type: string) => (findNodeType(type) ?? more.get(type))?.credentials;
  const vault = createVault({ roots, nowMs });
  const connections = createConnections({ pool: api, vault, http: reach.http(""), envOf, typesOf, nowMs });

  const changes = createChanges();
  const metrics = createMetrics(() => ({
    engine: engine.status,
    liveSubscribers: live.subscribers,
    hooks: hooks.size,
    pools: () =>
      [api, journal].map((pool, index) => ({
        name: index === 0 ? "api" : "reads",
        total: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount,
      })),
  }));
  const subjects = createSubjectKeys({ roots, nowMs });
  const protection = await createDataProtection({
    ...{ databaseUrl: database.url, dataDir: settings.dataDir, journal, api },
    ...{ blobs, cipher, roots, subjects, newId, log },
    isLeading: () => engine.status().state === "leading",
    onErased: () => {
      forgetProjections(deps);
      changes.tellAll("protection");
    },
  });
  cleanups.push(() => protection.stop());
  const { isHidden } = protection.rules;
  const live = createLiveHub(createLiveReads(api, cipher, isHidden), nowMs, isHidden);
  const hostLimits = await createHostLimits(journal, log);
  cleanups.push(() => hostLimits.close());
  const orgLimits = await createOrgLimits(journal, log);
  cleanups.push(() => orgLimits.close());
  // What was there belongs to activities of a process that is gone.
  const scratch = join(settings.dataDir, "scratch");
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const context = {
    ...{ reach, blobs, code, scratch, log, limiter: hostLimits.limiter },
    tables: (orgId: string) => tableStoreOf(tablePool, orgId, newId),
    publish: publisherOf(() => events, { nowMs, newId }),
    credential: connections.openFor,
    runWorkflow: (about: About, request: RunRequest) =>
      runFromNode({ engine, published, envOf }, about, request),
  };
  const workers = createWorkers({
    ...{ ...context, newId, nowMs, settings },
    version: readVersion(),
    onChange: () => changes.tellAll("workers"),
  });
  cleanups.push(() => workers.close());
  const activityRunner = createActivityRunner({
    ...context,
    module: nodeType,
    workers: workers.pool,
    worker: "local",
    onEnd: metrics.activity,
    recording: createRecordings({
      store: { load: (...asked) => store.load(...asked) },
      payloads: blobs.payloads,
      ids,
      programOf: programs.programOf,
    }),
  });
  const store = openPostgresStore(database.url, { cipher });
  cleanups.push(() => store.close());
  const freezes = createFreezes({ pool: journal, log });
  cleanups.push(() => freezes.stop());
  const holder = { id: newId(), host: hostname(), pid: process.pid, address: null as string | null };
  const startKeys = createStartKeys(evaluator, nowMs);
  const gate = createPoolGate({
    ...{ pool: journal, nowMs, log, definitionOf: programs.definitionOf, keyOf: startKeys.evaluate },
    onChange: (orgId) => changes.tell(orgId, "pools", "limits"),
  });
  const ungoverned = createEngine({
    store: { ...store, findStartKeys: together(store.findStartKeys) },
    clock: systemClock,
    ids,
    versions: { definition: programs.definitionOf, published: published.find },
    payloads: blobs.payloads,
    activities: freezes.runner(redactingRunner(activityRunner, connections)),
    evaluator,
    nodeType,
    holder,
    log,
    vars: variables.of,
    gate,
    crashMarker: createCrashMarker(join(settings.dataDir, "running.json")),
    orgLimits: orgLimits.of,
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const disk = createDiskWatch({
    folders: [settings.dataDir, ...(database.source ? [database.source.clusterDir] : [])],
    freeMin: settings.diskFreePercent / 100,
    read: options.freeSpace ?? freeSpaceOf,
    log,
  });
  cleanups.push(() => disk.stop());
  await disk.look();
  const { engine, guard } = guardStarts(withConcurrencyKeys(ungoverned, programs, startKeys), {
    ...{ pool: journal, nowMs, log, isOff: settings.executions === "off", freezes, disk },
  });
  await guard.reload();
  freezes.attach(ungoverned);
  await freezes.reload();
  cleanups.push(() => guard.stop());
  const schedules = createScheduler({
    ...{ pool: schedulePool, engine, published, nowMs, newId, log },
    onFire: metrics.fire,
    onChange: (orgId) => changes.tell(orgId, "schedules"),
    onPause: (orgId, about) => tellSchedulePaused(events, { orgId, about, nowMs: nowMs(), log }),
  });
  const taskPool = boundPool(database.url, { role: "auraos_engine", name: "tasks", max: 2 });
  cleanups.push(() => taskPool.end());
  const taskMonitor = createTaskMonitor();
  const tasks = createTaskRunner({
    ...{ pool: taskPool, engine, published, gate, nowMs, newId, log },
    nodesOf: async (versionId) => topNodes((await programs.definitionOf(versionId))?.definition),
    onChange: (run) => {
      taskMonitor.publish(run);
      changes.tell(run.orgId, "tasks", "pools");
    },
  });
  const rootKey = signingKey(settings.dataDir);
  await sealOldAddresses({ api, pool: journal, vault, newId });
  const alerts = createAlertWatch({
    vault,
    ...{ pool: journal, api, http: reach.http(""), settings, engine, serverKey: rootKey, nowMs, newId, log },
    addressOf: operatorReach.addressOf,
    onChange: (orgId) => changes.tell(orgId, "alerts"),
  });
  const events = createEventBus({
    ...{ pool: eventPool, engine, evaluator, published, nowMs, newId, log },
    onChange: (orgId) => changes.tell(orgId, "events"),
  });
  const expiry = createExpiryWatch({ api, pool: journal, engine, bus: events, nowMs, log });
  cleanups.push(() => expiry.stop());
  const triggers = createListeners({
    ...{ pool: eventPool, engine, events, reach, module: nodeType, nowMs, log },
    credential: connections.openFor,
  });
  const backupPool = boundPool(database.url, { role: "auraos_engine", name: "backups", max: 1 });
  cleanups.push(() => backupPool.end());
  const backups = createBackups({
    ...{ settings, source: database.source, pool: backupPool, nowMs, newId, log, release: readVersion() },
    tell: (type, id, about) =>
      tellOfServer(events, { orgId: first.orgId, type, id, about, nowMs: nowMs(), log }),
    onChange: () => changes.tell(first.orgId, "backups"),
  });
  drain = backups.drain;
  cleanups.push(() => backups.stop());
  const ending = new AbortController();
  // Every request that waits listens for the end.
  setMaxListeners(0, ending.signal);
  const keys = createKeys({
    api,
    owner: first,
    envOf,
    nowMs,
  });
  const audit = createAudit({
    ...{ pool: api, nowMs, log, seal: subjects.sealForSubject },
    journal: openJournal(join(settings.dataDir, "audit.journal")),
  });
  const checkpoints = createCheckpoints({
    ...{ pool: journal, folder: settings.auditCheckpointsDir, rootKey, nowMs, log },
    isLeading: () => engine.status().state === "leading",
  });
  const clientOf = createClientAddress(settings.trustedProxies);
  const securityWatch = createSecurityWatch({
    ...{ pool: api, audit, clientOf, nowMs, newId, log },
    onChange: (orgId) => changes.tell(orgId, "incidents"),
  });
  cleanups.push(() => securityWatch.stop());
  const deps: Deps = {
    settings,
    api,
    journal,
    engine,
    evaluator,
    nodeType,
    nodeModules: [...nodeTypes, ...more.values()],
    blobs,
    cipher,
    programs,
    published,
    variables,
    hooks,
    testHooks: createTestHooks(nowMs),
    schedules,
    tasks,
    taskMonitor,
    alerts,
    guard,
    gate,
    startKeys,
    expiry,
    events,
    triggers,
    workers,
    hostLimits,
    orgLimits,
    ...{ backups, disk },
    tokens: createResumeTokens(rootKey),
    stateKey: rootKey,
    ...{ vault, connections, reach },
    ...{ audit, checkpoints, subjects, protection, freezes, securityWatch },
    keys,
    identity: createIdentity({
      ...{ pool: people, keys, settings, rootKey, log, nowMs, reach: operatorReach },
      clientOf,
    }),
    firstOrgId: first.orgId,
    live,
    changes,
    metrics,
    log,
    nowMs,
    newId,
    database: database.state,
    draining: ending.signal,
    version: readVersion(),
  };
  const recovered = await audit.recover();
  if (recovered > 0) log("warn", "the last process ended in the middle of changes", { entries: recovered });
  cleanups.push(() => audit.stop());
  engine.subscribe((turn) => {
    live.publish(turn);
    metrics.turn(turn);
  });

  await refuseOpenDoor(deps);
  const server = openListener(settings.tls, buildApp(deps, options), log);
  await listen(server, settings);
  settings.port = (server.address() as AddressInfo).port;
  // Over TLS the certificate is for the public name, so that is where the command line of this machine asks too.
  const url = settings.tls === undefined ? listeningUrl(settings) : ownUrl(settings);
  holder.address = url;
  cleanups.push(() => deps.identity.watchers.close());
  const sockets = attachLive(server, deps);
  cleanups.push(() => sockets.close());
  const joining = attachWorkers(server, deps);
  cleanups.push(() => joining.close());
  cleanups.push(() => closeServer(server));
  const note = join(settings.dataDir, "server.json");
  writeFileSync(note, JSON.stringify({ url, key: deps.keys.localKey, pid: process.pid }), { mode: 0o600 });
  cleanups.push(() => rmSync(note, { force: true }));

  cleanups.push(
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
  cleanups.push(() => engine.stop({ drainMs: settings.drainMs }));
  // While it still leads: the last minute is signed too.
  cleanups.push(() => checkpoints.stop());
  cleanups.push(() => schedules.stop());
  cleanups.push(() => tasks.stop());
  cleanups.push(() => alerts.stop());
  cleanups.push(() => events.stop());
  cleanups.push(() => triggers.stop());
  const lead = async () => {
    // With a database of its own nobody else can lead: whoever held the lease is gone.
    const other = await store.holder();
    const isAlone = other === null || settings.databaseUrl === undefined || isDead(other, holder.host);
    if (isAlone) await engine.begin({ insteadOf: other?.id, standby: "later" });
    else void engine.begin({ standby: true });
  };
  deps.hold = await holdAfterRestore(settings.dataDir, lead, log);
  cleanups.push(() => deps.hold?.stop());

  let stopping: Promise<void> | undefined;
  const stop = () => {
    ending.abort();
    stopping ??= finishRequests(server, settings.drainMs).then(stopAll);
    return stopping;
  };
  return { deps, url, newKey: first.newKey, orgId: first.orgId, envId: first.envId, stop };
}

async function openDatabase(settings: Settings, log: Log): Promise<Database> {
  if (settings.databaseUrl !== undefined) {
    mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
    const lock = lockFolder(settings.dataDir);
    return { url: settings.databaseUrl, state: () => ({ state: "ok" }), stop: async () => lock.release() };
  }
  let detail: string | undefined;
  const running = await startDatabase({
    dataDir: settings.dataDir,
    log: (message, details) => log("info", message, details),
    ...(settings.backupDir === undefined ? {} : { archive: { withinSeconds: WAL_WITHIN_SECONDS } }),
  });
  running.onCrash(() => {
    detail = "the database ended and is started again";
  });
  running.onRecovery(() => {
    detail = undefined;
  });
  return {
    url: running.url,
    state: () => (detail === undefined ? { state: "ok" } : { state: "down", detail }),
    stop: running.stop,
    source: running,
  };
}

/** A thousand schedules that are due at once ask for their start keys in a few queries, not in a thousand. */
function together(find: Store["findStartKeys"]): Store["findStartKeys"] {
  const lookups = createBatches((asked: readonly Parameters<typeof find>[0][]) => find(asked.flat()), {
    max: 500,
  });
  return async (keys) => {
    const rows = await lookups.put(keys);
    const isSame = (row: (typeof rows)[number], key: (typeof keys)[number]) =>
      row.key === key.key &&
      row.workflowId === key.workflowId &&
      row.envId === key.envId &&
      row.orgId === key.orgId;
    return keys.flatMap((key) => rows.find((row) => isSame(row, key)) ?? []);
  };
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

/** A database that hangs gives an error instead of nothing. */
function boundPool(url: string, options: PoolOptions): Pool {
  const pool = openPool(url, options);
  Object.assign(pool.options, { query_timeout: QUERY_WITHIN_MS });
  return pool;
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

/** Signs resume addresses; lost = the open ones stop working, nothing else. */
function signingKey(dataDir: string): Buffer {
  const file = join(dataDir, "signing.key");
  if (!existsSync(file))
    writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  return Buffer.from(readFileSync(file, "utf8").trim(), "base64url");
}

function readVersion(): string {
  const file = join(import.meta.dirname, "../package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
