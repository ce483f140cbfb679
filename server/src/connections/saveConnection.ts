// Creates, changes and deletes connections. A secret goes in and never comes out: a change leaves those out that stay, and
// when the place it is bound to changes, all of them must be given again.
import type { Connection, ConnectionBody, ConnectionChange } from "@auraos/contract";
import type { JsonObject } from "@auraos/kernel";
import { credentialTypes, findCredentialType } from "@auraos/nodes/credentials/credentialTypes.ts";
import type { CredentialType } from "@auraos/nodes/credentials/defineCredential.ts";
import type { Deps } from "../deps.ts";
import { sqlState, type Transaction, withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import {
  type ConnectionRow,
  deleteConnection,
  findConnection,
  findUses,
  insertConnection,
  updateConnection,
} from "./store.ts";
import { bindingOf, checkValues, isEmptyValue, marksOf, partValues } from "./values.ts";
import { connectionView } from "./view.ts";

const HOSTS_REMEDY = "Name the hosts of the service, such as api.example.com.";

export async function createConnection(
  deps: Deps,
  caller: Caller,
  body: ConnectionBody,
): Promise<Connection> {
  const { orgId, envId } = caller;
  const type = findCredentialType(body.type) ?? refuseType(body.type);
  const hosts = hostsOf(type, body.hosts);
  const parts = partValues(type, checkValues(type, body.values));
  const id = deps.newId();
  const row = await named(body.name, () =>
    withTenant(deps.api, orgId, async (tx) =>
      insertConnection(
        tx,
        { id, orgId, envId, type: type.type, createdBy: caller.userId },
        {
          ...fieldsOf(body),
          public: parts.public,
          sealed: await seal(deps, tx, orgId, { id, version: 1 }, parts.secret),
          marks: marksOf(id, parts.secret),
          version: 1,
          hosts,
        },
      ),
    ),
  );
  deps.connections.forget(orgId);
  return connectionView(row, deps.nowMs());
}

export async function changeConnection(
  deps: Deps,
  caller: Caller,
  id: string,
  body: ConnectionChange,
): Promise<Connection> {
  const { orgId } = caller;
  const row = await named(body.name, () =>
    withTenant(deps.api, orgId, async (tx) => {
      const before = await findConnection(tx, orgId, id, { lock: true });
      if (!before) throw noConnection();
      const type = findCredentialType(before.type) ?? refuseType(before.type);
      const hosts = hostsOf(type, body.hosts ?? before.hosts);
      const given = Object.fromEntries(
        Object.entries(body.values as JsonObject).filter(
          ([name, value]) => !(type.secretFields.includes(name) && isEmptyValue(value)),
        ),
      );
      const kept = await deps.connections.secretsOf(tx, orgId, before);
      const parts = partValues(type, checkValues(type, { ...kept, ...given }));
      const isElsewhere =
        bindingOf(type, before.public, before.hosts) !== bindingOf(type, parts.public, hosts);
      const notGiven = type.secretFields.filter((name) => name in kept && !(name in given));
      if (isElsewhere && notGiven.length > 0) throw secretsNeeded(notGiven);
      if (before.name !== body.name) await refuseUsed(tx, orgId, before.name, "renamed");
      const isNewSecret = isElsewhere || type.secretFields.some((name) => name in given);
      const version = isNewSecret ? before.version + 1 : before.version;
      return updateConnection(
        tx,
        { id, orgId },
        {
          ...fieldsOf(body),
          public: parts.public,
          sealed: isNewSecret ? await seal(deps, tx, orgId, { id, version }, parts.secret) : before.sealed,
          marks: marksOf(id, parts.secret),
          version,
          hosts,
        },
        { isNewSecret },
      );
    }),
  );
  deps.connections.forget(orgId);
  return connectionView(row, deps.nowMs());
}

export async function removeConnection(
  deps: Deps,
  caller: Caller,
  id: string,
  force: boolean,
): Promise<void> {
  const { orgId } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const row = await findConnection(tx, orgId, id, { lock: true });
    if (!row) throw noConnection();
    if (!force) await refuseUsed(tx, orgId, row.name, "deleted");
    await deleteConnection(tx, orgId, id);
  });
  deps.connections.forget(orgId);
}

function seal(
  deps: Deps,
  tx: Transaction,
  orgId: string,
  { id, version }: Pick<ConnectionRow, "id" | "version">,
  secret: JsonObject,
): Promise<Buffer> {
  const place = { table: "connections", id, version, purpose: "values" };
  return deps.vault.seal(tx, orgId, place, Buffer.from(JSON.stringify(secret)));
}

function fieldsOf(body: ConnectionChange) {
  return {
    name: body.name,
    description: body.description ?? null,
    roles: body.roles ?? null,
    expiresAt: body.expiresAt ?? null,
  };
}

function hostsOf(type: CredentialType, hosts: readonly string[] = []): readonly string[] {
  if (type.hosts === "own") return [];
  if (hosts.length > 0) return [...new Set(hosts)];
  throw refuse(
    422,
    "HOSTS_MISSING",
    "A secret is bound to the hosts it is for, and there is none.",
    HOSTS_REMEDY,
    {
      problems: [
        {
          code: "HOSTS_MISSING",
          message: "hosts: is empty.",
          remedy: HOSTS_REMEDY,
          path: "/hosts",
          field: "hosts",
        },
      ],
    },
  );
}

async function refuseUsed(tx: Transaction, orgId: string, name: string, what: string): Promise<void> {
  const uses = await findUses(tx, orgId, name, { onlyPublished: true });
  if (uses.length === 0) return;
  const names = [...new Set(uses.map(({ workflowName }) => workflowName))];
  throw refuse(
    409,
    "CONNECTION_USED",
    `It cannot be ${what}: ${names.length === 1 ? "a published workflow uses" : `${names.length} published workflows use`} it (${names.slice(0, 3).join(", ")}).`,
    "Give these workflows another connection and publish them first.",
  );
}

async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw refuse(
      409,
      "CONNECTION_EXISTS",
      `There is a connection "${name}" already.`,
      "Choose another name.",
    );
  }
}

function secretsNeeded(names: readonly string[]) {
  return refuse(
    422,
    "SECRETS_NEEDED",
    "Where the secret may be sent has changed, so it must be given again.",
    `Fill in: ${names.join(", ")}.`,
    {
      problems: names.map((name) => ({
        code: "SECRETS_NEEDED",
        message: `${name}: must be given again.`,
        remedy: "Fill it in.",
        path: `/values/${name}`,
        field: name,
      })),
    },
  );
}

export function noConnection() {
  return notFound("connection with this id");
}

function refuseType(type: string): never {
  throw refuse(
    422,
    "CONNECTION_TYPE_UNKNOWN",
    `There is no kind of connection "${type}".`,
    `Choose one of ${credentialTypes.map((one) => one.type).join(", ")}.`,
  );
}
