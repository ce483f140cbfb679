// What actions may use. Made once by assemble.ts; tests make their own with other parts.
import type { Evaluator, NodeType } from "@auraos/kernel";
import type { NodeModule } from "@auraos/nodes";
import type { Keys } from "./access/keys.ts";
import type { Reach } from "./activities/reach.ts";
import type { AlertWatch } from "./alerts/watch.ts";
import type { Checkpoints } from "./audit/checkpoints.ts";
import type { Audit } from "./audit/createAudit.ts";
import type { Backups } from "./backup/createBackups.ts";
import type { Hold } from "./backup/holdAfterRestore.ts";
import type { Blobs } from "./blobs/blobs.types.ts";
import type { Connections } from "./connections/createConnections.ts";
import type { ExpiryWatch } from "./connections/tellExpiring.ts";
import type { DataProtection } from "./dataProtection/createDataProtection.ts";
import type { SubjectKeys } from "./dataProtection/subjectKeys.ts";
import type { BodyCipher, Engine } from "./engine/engine.types.ts";
import type { EventBus } from "./events/createEventBus.ts";
import type { DiskWatch } from "./health/diskWatch.ts";
import type { HostLimits } from "./hostLimits/hostLimits.ts";
import type { Identity } from "./identity/createIdentity.ts";
import type { Freezes } from "./incidents/freezes.ts";
import type { SecurityWatch } from "./incidents/securityWatch.ts";
import type { Changes } from "./live/changes.ts";
import type { LiveHub } from "./live/hub.ts";
import type { Guard } from "./maintenance/guardStarts.ts";
import type { StartKeys } from "./maintenance/startKeys.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { OrganizationLimits } from "./orgLimits/createOrgLimits.ts";
import type { Pool } from "./platform/db.ts";
import type { Log } from "./platform/log.ts";
import type { Settings } from "./platform/settings.ts";
import type { PoolGate } from "./pools/gate.ts";
import type { Scheduler } from "./schedules/scheduler.ts";
import type { TaskMonitor } from "./tasks/monitor.ts";
import type { TaskRunner } from "./tasks/runner.ts";
import type { Listeners } from "./triggers/listeners.ts";
import type { Variables } from "./variables/createVariables.ts";
import type { Vault } from "./vault/createVault.ts";
import type { HookTable } from "./webhooks/hookTable.ts";
import type { ResumeTokens } from "./webhooks/resumeToken.ts";
import type { TestHooks } from "./webhooks/testHooks.ts";
import type { Workers } from "./workers/workers.ts";
import type { Programs } from "./workflows/programs.ts";
import type { PublishedWorkflows } from "./workflows/publishedWorkflows.ts";

export type Deps = {
  settings: Settings;
  /** Rows of one tenant at a time. */
  api: Pool;
  /** The journal of all tenants; reads only here. */
  journal: Pool;
  engine: Engine;
  evaluator: Evaluator;
  nodeType: (type: string) => NodeType | undefined;
  nodeModules: readonly NodeModule[];
  blobs: Blobs;
  /** Opens what the journal holds. */
  cipher: BodyCipher;
  programs: Programs;
  published: PublishedWorkflows;
  variables: Variables;
  hooks: HookTable;
  testHooks: TestHooks;
  schedules: Scheduler;
  tasks: TaskRunner;
  taskMonitor: TaskMonitor;
  alerts: AlertWatch;
  guard: Guard;
  gate: PoolGate;
  startKeys: StartKeys;
  expiry: ExpiryWatch;
  events: EventBus;
  triggers: Listeners;
  tokens: ResumeTokens;
  keys: Keys;
  vault: Vault;
  audit: Audit;
  checkpoints: Checkpoints;
  subjects: SubjectKeys;
  freezes: Freezes;
  securityWatch: SecurityWatch;
  protection: DataProtection;
  connections: Connections;
  reach: Reach;
  /** Signs what travels through somebody's browser. */
  stateKey: Buffer;
  workers: Workers;
  hostLimits: HostLimits;
  backups: Backups;
  disk: DiskWatch;
  /** Set at the end of the start: a restored server waits for somebody to look. */
  hold?: Hold;
  orgLimits: OrganizationLimits;
  identity: Identity;
  /** The organization that the first start made. */
  firstOrgId: string;
  live: LiveHub;
  changes: Changes;
  metrics: Metrics;
  log: Log;
  nowMs: () => number;
  newId: () => string;
  /** State of the database as the supervisor knows it. */
  database: () => { state: "ok" | "down"; detail?: string };
  /** Aborted when the server begins to end: nobody is kept waiting any more. */
  draining: AbortSignal;
  version: string;
};
