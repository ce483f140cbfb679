// The parts of a running AuraOS and who knows whom, in the order in which they need each other. Nothing of it is reachable
// yet, and nothing runs: runServer.ts begins.
import { setMaxListeners } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { compileTemplate } from "@auraos/expression";
import { findNodeType, nodeTypes } from "@auraos/nodes";
import { createCodeRunner } from "@auraos/nodes/sandbox/createCodeRunner.ts";
import { createKeys } from "./access/keys.ts";
import { findEnvironment } from "./access/store.ts";
import type { About } from "./activities/activityContext.ts";
import { createActivityRunner } from "./activities/createActivityRunner.ts";
import { createReach } from "./activities/reach.ts";
import { sealOldAddresses } from "./alerts/sealOldAddresses.ts";
import { createAlertWatch } from "./alerts/watch.ts";
import type { AssembleOptions } from "./assemble.types.ts";
import { createCheckpoints } from "./audit/checkpoints.ts";
import { createAudit } from "./audit/createAudit.ts";
import { openJournal } from "./audit/journal.ts";
import { createBackups } from "./backup/createBackups.ts";
import { createBlobStore } from "./blobs/createBlobStore.ts";
import type { Cleanups } from "./cleanups.ts";
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
import { openPostgresStore } from "./engine/postgres/store.ts";
import { startKeysTogether } from "./engine/startKeysTogether.ts";
import { createEventBus } from "./events/createEventBus.ts";
import { publisherOf } from "./events/publishFromNode.ts";
import { tellOfServer } from "./events/tellOfServer.ts";
import { forgetProjections } from "./executions/projections.ts";
import { createRecordings } from "./executions/recordings.ts";
import { type RunRequest, runFromNode } from "./executions/runFromNode.ts";
import { createDiskWatch, freeSpaceOf } from "./health/diskWatch.ts";
import { createHostLimits } from "./hostLimits/hostLimits.ts";
import { createIdentity } from "./identity/createIdentity.ts";
import { createFreezes } from "./incidents/freezes.ts";
import { createSecurityWatch } from "./incidents/securityWatch.ts";
import { createChanges } from "./live/changes.ts";
import { createLiveHub } from "./live/hub.ts";
import { createLiveReads } from "./live/reads.ts";
import { guardStarts } from "./maintenance/guardStarts.ts";
import { createStartKeys, withConcurrencyKeys } from "./maintenance/startKeys.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { loadNodes } from "./nodeTypes/loadNodes.ts";
import type { Opened } from "./openParts.ts";
import { createOrgLimits } from "./orgLimits/createOrgLimits.ts";
import { createOperatorReach } from "./outbound/operatorReach.ts";
import { createClientAddress } from "./platform/clientAddress.ts";
import { readVersion } from "./platform/release.ts";
import { readSigningKey } from "./platform/signingKey.ts";
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
import { createWorkers } from "./workers/workers.ts";
import { createPrograms } from "./workflows/programs.ts";
import { createPublishedWorkflows } from "./workflows/publishedWorkflows.ts";

export type Wired = Awaited<ReturnType<typeof wireParts>>;

export async function wireParts(opened: Opened, options: AssembleOptions, cleanups: Cleanups) {
  const { log } = options;
  const { settings, database, ids, nowMs, newId, first, last } = opened;
  const { api, journal, people, tablePool, schedulePool, eventPool, taskPool, backupPool } = opened;
  const evaluator = { compileTemplate };
  const roots = readRootKeys(settings.dataDir, settings.vaultKey, settings.vaultKeyCommand);
  const cipher = await openPayloadCipher({
    ...{ pool: journal, roots, newId, nowMs, log },
    ...{ isOn: settings.payloads === "sealed", lost: settings.lostRootKeys },
  });
  const blobs = createBlobStore(join(settings.dataDir, "blobs"), { bytesMax: settings.blobBytesMax, cipher });
  const reach = createReach(settings);
  cleanups.add(() => reach.close());
  const operatorReach = createOperatorReach(settings);
  cleanups.add(() => operatorReach.close());
  const code = createCodeRunner();
  cleanups.add(() => code.close());
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
  cleanups.add(() => protection.stop());
  const { isHidden } = protection.rules;
  const live = createLiveHub(createLiveReads(api, cipher, isHidden), nowMs, isHidden);
  const hostLimits = await createHostLimits(journal, log);
  cleanups.add(() => hostLimits.close());
  const orgLimits = await createOrgLimits(journal, log);
  cleanups.add(() => orgLimits.close());
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
  cleanups.add(() => workers.close());
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
  cleanups.add(() => store.close());
  const freezes = createFreezes({ pool: journal, log });
  cleanups.add(() => freezes.stop());
  const holder = { id: newId(), host: hostname(), pid: process.pid, address: null as string | null };
  const startKeys = createStartKeys(evaluator, nowMs);
  const gate = createPoolGate({
    ...{ pool: journal, nowMs, log, definitionOf: programs.definitionOf, keyOf: startKeys.evaluate },
    onChange: (orgId) => changes.tell(orgId, "pools", "limits"),
  });
  const ungoverned = createEngine({
    store: { ...store, findStartKeys: startKeysTogether(store.findStartKeys) },
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
  cleanups.add(() => disk.stop());
  await disk.look();
  const { engine, guard } = guardStarts(withConcurrencyKeys(ungoverned, programs, startKeys), {
    ...{ pool: journal, nowMs, log, isOff: settings.executions === "off", freezes, disk },
    onPause: (orgId) => changes.tell(orgId, "limits"),
  });
  await guard.reload();
  freezes.attach(ungoverned);
  await freezes.reload();
  cleanups.add(() => guard.stop());
  const schedules = createScheduler({
    ...{ pool: schedulePool, engine, published, nowMs, newId, log },
    onFire: metrics.fire,
    onChange: (orgId) => changes.tell(orgId, "schedules"),
  });
  const taskMonitor = createTaskMonitor();
  const tasks = createTaskRunner({
    ...{ pool: taskPool, engine, published, gate, nowMs, newId, log },
    nodesOf: async (versionId) => topNodes((await programs.definitionOf(versionId))?.definition),
    onChange: (run) => {
      taskMonitor.publish(run);
      changes.tell(run.orgId, "tasks", "pools");
    },
  });
  const rootKey = readSigningKey(settings.dataDir);
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
  cleanups.add(() => expiry.stop());
  const triggers = createListeners({
    ...{ pool: eventPool, engine, events, reach, module: nodeType, nowMs, log },
    credential: connections.openFor,
  });
  const backups = createBackups({
    ...{ settings, source: database.source, pool: backupPool, nowMs, newId, log, release: readVersion() },
    tell: (type, id, about) =>
      tellOfServer(events, { orgId: first.orgId, type, id, about, nowMs: nowMs(), log }),
    onChange: () => changes.tell(first.orgId, "backups"),
  });
  last.drain = backups.drain;
  cleanups.add(() => backups.stop());
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
    onWritten: (orgId) => changes.tell(orgId, "audit"),
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
  cleanups.add(() => securityWatch.stop());
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
  cleanups.add(() => audit.stop());
  engine.subscribe((turn) => {
    live.publish(turn);
    metrics.turn(turn);
  });
  return { deps, holder, store, ending };
}
