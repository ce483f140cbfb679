// What a node may use while it runs, made member by member when it asks: most activities need one or two of them.
import type { Json, RunActivity } from "@auraos/kernel";
import type { ActivityContext, CodeRunner, DataTables } from "@auraos/nodes";
import type { Credential, CredentialUse } from "@auraos/nodes/credentials/defineCredential.ts";
import { type Blobs, dayOf } from "../blobs/blobs.types.ts";
import { namedBy } from "../connections/createConnections.ts";
import type { ActivityRunner, RecordStep } from "../engine/engine.types.ts";
import type { EventPublisher } from "../events/publishFromNode.ts";
import { startedMsOf } from "../executions/executionTime.ts";
import type { HostLimiter } from "../hostLimits/limiter.ts";
import type { Log } from "../platform/log.ts";
import type { Reach } from "./reach.ts";

export type About = Parameters<ActivityRunner["run"]>[1];

export type ContextNeeds = {
  reach: Reach;
  blobs: Blobs;
  code: CodeRunner;
  /** Data tables of an organization. */
  tables: (orgId: string) => DataTables;
  /** Starts another workflow and waits for its end. */
  runWorkflow: (
    about: About,
    request: { workflow: string; input: Json; key: string; waitMs: number; signal: AbortSignal },
  ) => ReturnType<ActivityContext["runWorkflow"]>;
  /** Of the event bus. */
  publish: EventPublisher;
  /** Opens a connection of the organization for a node that names it. */
  credential: (
    orgId: string,
    activity: Pick<RunActivity, "nodeType" | "config">,
    use: CredentialUse | undefined,
  ) => Promise<Credential>;
  /** Folder for what nodes put on the disk while they run. */
  scratch: string;
  /** The pace that the organization set for hosts and connections. */
  limiter?: HostLimiter;
  log: Log;
};

export function activityContext(
  needs: ContextNeeds,
  activity: RunActivity,
  about: About,
  signal: AbortSignal,
  record?: RecordStep,
): ActivityContext {
  const { orgId, executionId, workflowId } = about;
  const caller = () => ({ step: activity, connection: namedBy(activity)?.name });
  return {
    signal,
    code: needs.code,
    scratch: needs.scratch,
    get http() {
      const client = needs.reach.http(workflowId);
      return needs.limiter?.http(orgId, client, caller()) ?? client;
    },
    addressOf: async (host, port) => {
      await needs.limiter?.pass(orgId, { host, port }, caller(), signal);
      return needs.reach.addressOf(workflowId, host, port);
    },
    credential: (use) => needs.credential(orgId, activity, use),
    get blobs() {
      return needs.blobs.forExecution({ orgId, executionId, day: dayOf(startedMsOf(executionId)) });
    },
    get files() {
      return needs.reach.files(workflowId);
    },
    get tables() {
      return needs.tables(orgId);
    },
    record: async (step, entry) => {
      if (!record) throw new Error("this activity cannot record steps");
      await record(step, entry);
    },
    runWorkflow: (workflow, input, { key, waitMs }) =>
      needs.runWorkflow(about, { workflow, input, key, waitMs, signal }),
    publish: (event) => needs.publish({ orgId, workflowId, executionId }, event),
    log: (message, detail) => {
      const more = detail === undefined ? {} : { detail };
      needs.log("debug", message.slice(0, 1000), { executionId, run: activity.run, ...more });
    },
  };
}
