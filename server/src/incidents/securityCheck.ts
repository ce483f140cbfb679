// The security check: what could be safer, each with what to do about it and where. It looks at how things are set up, not
// at what happens; that is what the watch is for.
import { type SecurityCheck, type SecurityCheckItem, securityChecks } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { isLoopback } from "../identity/mail.ts";
import { type MemberSecurity, memberSecurity } from "../identity/memberSecurity.ts";
import { withTenant } from "../platform/db.ts";
import {
  isMfaRequired,
  type KeyAge,
  listKeys,
  listOpenWebhooks,
  listRiskyNodes,
  listUnusedConnections,
  type Unused,
} from "./checkStore.ts";

const UNUSED_DAYS = 90;
const SESSION_DAYS = 7;
const DAY_MS = 86_400_000;

const RISKY: Readonly<Record<string, string>> = {
  code: "runs code that people wrote",
  "file.write": "writes files on this server",
  "file.delete": "deletes files on this server",
  sqlite: "opens database files on this server",
};

type Check = SecurityCheckItem["check"];

export async function checkSecurity(deps: Deps, orgId: string): Promise<SecurityCheck> {
  const inside = await withTenant(deps.api, orgId, async (tx) => {
    const keys = await listKeys(tx, orgId);
    return [
      ...(await listRiskyNodes(tx, orgId, Object.keys(RISKY))).map(riskyNode),
      ...(await listUnusedConnections(tx, orgId, UNUSED_DAYS)).map(unusedConnection),
      ...keys.filter((key) => ageDays(deps, key) >= UNUSED_DAYS).map(staleKey),
      ...keys.filter(({ expiresAt }) => expiresAt === null).map(endlessKey),
      ...(await listOpenWebhooks(tx, orgId)).map(openWebhook),
      ...((await isMfaRequired(tx, orgId)) ? [] : [mfaNotRequired()]),
    ];
  });
  const members = await memberSecurity(deps, orgId, SESSION_DAYS);
  const items = [...ofServer(deps), ...inside, ...ofMembers(members)].sort(bySeverity);
  const found = new Set(items.map(({ check }) => check));
  return {
    at: new Date(deps.nowMs()).toISOString(),
    items,
    passed: securityChecks.filter((check) => !found.has(check)),
  };
}

function ofServer({ settings }: Deps): SecurityCheckItem[] {
  const items: SecurityCheckItem[] = [];
  const isSecure = settings.tls !== undefined || settings.publicUrl?.startsWith("https:") === true;
  if (!isLoopback(settings.host) && !isSecure)
    items.push({
      ...item("publicWithoutTls", "critical", "The server is reached from outside without TLS"),
      detail: `It listens on ${settings.host}; passwords and keys travel in the clear.`,
      parameters: { host: settings.host },
      remedy:
        "Set AURAOS_TLS_CERT and AURAOS_TLS_KEY, or put a proxy with TLS before it and set AURAOS_URL to https.",
      link: "/settings",
    });
  if (settings.allowHosts.length > 0)
    items.push({
      ...item("privateHosts", "warning", "Workflows may reach private addresses"),
      detail: `AURAOS_ALLOW_HOSTS names ${settings.allowHosts.join(", ")}.`,
      parameters: { hosts: settings.allowHosts.join(", ") },
      remedy: "Leave only those that workflows really need, each with its port.",
      link: "/settings",
    });
  return items;
}

function ofMembers({ mighty, oldSessions }: MemberSecurity): SecurityCheckItem[] {
  const items: SecurityCheckItem[] = [];
  for (const { userId, name, role, hasSecondFactor } of mighty)
    if (!hasSecondFactor)
      items.push({
        ...item("ownerWithoutMfa", role === "owner" ? "critical" : "warning", `${name} has no second factor`),
        parameters: { name, role },
        detail: `With the role ${role} a stolen password is enough for everything.`,
        remedy: "Set up a passkey or an authenticator app, and require it for the organization.",
        ...{ link: "/members", object: userId },
      });
  for (const { userId, name, days } of oldSessions)
    items.push({
      ...item("oldSession", "info", `${name} has been signed in for ${days} days`),
      parameters: { name, days },
      detail: "A session that nobody needs any more is one that somebody else can use.",
      remedy: "Sign the member out, or shorten AURAOS_SESSION_DAYS.",
      ...{ link: "/members", object: userId },
    });
  if (mighty.filter(({ role }) => role === "owner").length === 1)
    items.push({
      ...item("oneOwner", "info", "The organization has one owner"),
      detail: "If that account is lost, nobody can do what only owners may.",
      remedy: "Make a second person an owner.",
      link: "/members",
    });
  return items;
}

function riskyNode(node: {
  workflowId: string;
  workflow: string;
  node: string;
  type: string;
}): SecurityCheckItem {
  return {
    ...item("riskyNode", "info", `"${node.workflow}": ${node.node} ${RISKY[node.type]}`),
    detail: `The published version has a node of the type ${node.type}.`,
    parameters: { workflow: node.workflow, node: node.node, type: node.type },
    remedy: "See that it does what it should, and that only those may change it who must.",
    ...{ link: `/workflows/${node.workflowId}`, object: node.workflowId },
  };
}

function unusedConnection({ id, name, lastUsedAt }: Unused): SecurityCheckItem {
  return {
    ...item("unusedConnection", "warning", `Nobody uses the connection "${name}"`),
    detail: lastUsedAt === null ? "It was never used." : `It was last used on ${dayOf(lastUsedAt)}.`,
    parameters: { name, ...lastUse(lastUsedAt) },
    remedy: "Delete it, and end the access at the service.",
    ...{ link: `/connections?open=${id}`, object: id },
  };
}

function staleKey({ id, name, lastUsedAt, createdAt }: KeyAge): SecurityCheckItem {
  return {
    ...item("staleKey", "warning", `Nobody uses the API key "${name}"`),
    parameters: { name, made: createdAt.toISOString(), ...lastUse(lastUsedAt) },
    detail:
      lastUsedAt === null
        ? `It was made on ${dayOf(createdAt)} and never used.`
        : `It was last used on ${dayOf(lastUsedAt)}.`,
    remedy: "Revoke it.",
    ...{ link: "/security", object: id },
  };
}

function endlessKey({ id, name, createdAt }: KeyAge): SecurityCheckItem {
  return {
    ...item("endlessKey", "info", `The API key "${name}" never expires`),
    parameters: { name, made: createdAt.toISOString() },
    detail: `It was made on ${dayOf(createdAt)} and is good until somebody revokes it.`,
    remedy: "Make a new one that expires, change over, and revoke this one.",
    ...{ link: "/security", object: id },
  };
}

function openWebhook(hook: {
  path: string;
  method: string;
  workflowId: string;
  workflow: string;
}): SecurityCheckItem {
  return {
    ...item("openWebhook", "warning", `Anybody may call ${hook.method} ${hook.path}`),
    detail: `The trigger of "${hook.workflow}" asks nobody who they are.`,
    parameters: { address: `${hook.method} ${hook.path}`, workflow: hook.workflow },
    remedy: "Choose a way of authentication in its trigger, best a signature.",
    ...{ link: `/workflows/${hook.workflowId}`, object: hook.workflowId },
  };
}

function mfaNotRequired(): SecurityCheckItem {
  return {
    ...item("mfaNotRequired", "warning", "A second factor is not required"),
    detail: "Members get in with a password alone.",
    remedy: "Require it in the settings of the organization.",
    link: "/members",
  };
}

function item(check: Check, severity: SecurityCheckItem["severity"], title: string) {
  return { check, severity, title, parameters: {}, object: null };
}

function lastUse(at: Date | null): SecurityCheckItem["parameters"] {
  return at === null ? {} : { used: at.toISOString() };
}

function ageDays(deps: Deps, { lastUsedAt, createdAt }: Unused): number {
  return (deps.nowMs() - (lastUsedAt ?? createdAt).getTime()) / DAY_MS;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

const order = { critical: 0, warning: 1, info: 2 };

function bySeverity(one: SecurityCheckItem, other: SecurityCheckItem): number {
  return order[one.severity] - order[other.severity] || one.title.localeCompare(other.title);
}
