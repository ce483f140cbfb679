// Erases a person from everything an organization has. Doing it again changes nothing more, so a crash half-way is made
// good by the next round, and so is a restored backup.
//
//   executions that are over: history, input, output, messages    rewritten, each in one transaction
//   events, runs of tasks, waits, alerts and the like             rewritten
//   rows of data tables                                           rewritten, or removed with `records`
//   files                                                         rewritten; removed when they cannot be searched, if asked
//   account and invitations                                       removed
//   audit log                                                     the key of the person is destroyed: what it sealed is noise
//   open or held executions, what people set up                   kept, and said
import type { ErasureReport, Identifier } from "@auraos/contract";
import { type Pool, transaction, withTenant } from "../../platform/db.ts";
import type { SubjectKeys } from "../subjectKeys.ts";
import { type Erasing, eraseJson, eraseText } from "./eraseJson.ts";
import { bytesOf, filesOf, isIn } from "./files.ts";
import { namesOf } from "./findPerson.ts";
import { createMatcher } from "./matcher.ts";
import { sealedData, withTurnText } from "./openParts.ts";
import * as store from "./peopleStore.ts";
import {
  executionsOf,
  type FoundExecution,
  type FoundTableRow,
  type PersonNeeds,
  rowsOf,
} from "./readPerson.ts";
import { createReport, type Report } from "./report.ts";

export type ErasureRequest = {
  identifiers: Identifier[];
  scope: "values" | "records";
  opaqueFiles: "keep" | "remove";
};
export type ErasureNeeds = PersonNeeds & { api: Pool; subjects: SubjectKeys; newId: () => string };

export async function erasePerson(
  needs: ErasureNeeds,
  orgId: string,
  request: ErasureRequest,
): Promise<ErasureReport> {
  const erasing = { matcher: createMatcher(request.identifiers), records: request.scope === "records" };
  const report = createReport();
  const executions = await eraseExecutions(needs, orgId, erasing, report);
  await eraseRows(needs, orgId, erasing, report, executions.kept);
  await eraseTableRows(needs, orgId, erasing, report);
  await eraseFiles(needs, orgId, erasing, report, { ...executions, request });
  await eraseAccounts(needs, orgId, request, report);
  await eraseFromAudit(needs, orgId, request, erasing, report);
  return report.done();
}

async function eraseExecutions(needs: ErasureNeeds, orgId: string, erasing: Erasing, report: Report) {
  const found = new Set<string>();
  const kept = new Set<string>();
  for await (const one of executionsOf(needs, orgId, erasing.matcher)) {
    const { id, isOpen, isHeld } = one.part;
    found.add(id);
    const isErased = !isOpen && !isHeld && (await eraseExecution(needs, orgId, erasing, one));
    if (isErased) report.erased("workflow_executions");
    else {
      kept.add(id);
      report.kept("workflow_executions", isHeld ? "held" : "open", id);
    }
  }
  return { found, kept };
}

/** False: it was opened again meanwhile. */
async function eraseExecution(
  { owner, cipher }: ErasureNeeds,
  orgId: string,
  erasing: Erasing,
  { part, input, output, turns }: FoundExecution,
): Promise<boolean> {
  const erase = (text: string | null) => (text === null ? null : erasing.matcher.erase(text));
  const sealed = async (side: "input" | "output", text: string | null) =>
    text === null ? part[side] : sealedData(cipher, orgId, part.id, side, eraseText(erasing, text, true));
  const row = {
    id: part.id,
    texts: {
      error_message: erase(part.texts.error_message),
      concurrency_key: erase(part.texts.concurrency_key),
      actor: erase(part.texts.actor),
      cause: erase(part.texts.cause),
    },
    input: await sealed("input", input),
    output: await sealed("output", output),
  };
  const changed: store.TurnPart[] = [];
  for (const { turn, text } of turns)
    changed.push(await withTurnText(cipher, orgId, turn, eraseText(erasing, text, false)));
  return transaction(owner, async (tx) => {
    if (!(await store.isStillClosed(tx, part.id))) return false;
    for (const turn of changed) await store.updateTurn(tx, orgId, turn);
    await store.dropSnapshot(tx, orgId, part.id);
    await store.updateExecution(tx, orgId, row);
    return true;
  });
}

async function eraseRows(
  needs: ErasureNeeds,
  orgId: string,
  erasing: Erasing,
  report: Report,
  keptExecutions: ReadonlySet<string>,
): Promise<void> {
  for await (const found of rowsOf(needs, orgId, erasing.matcher)) {
    const { table, row } = found;
    const setup = found.columns.filter(({ column }) => column.kind === "setup");
    if (setup.length > 0) report.kept(table.table, "setup", row.id);
    if (setup.length === found.columns.length) continue;
    if (row.isOpen || (row.execution !== null && keptExecutions.has(row.execution))) {
      report.kept(table.table, "open", row.id);
      continue;
    }
    if (await eraseRow(needs, orgId, erasing, found)) report.erased(table.table);
  }
}

async function eraseRow(
  { owner, newId }: ErasureNeeds,
  orgId: string,
  erasing: Erasing,
  { table, row, columns }: FoundTableRow,
): Promise<boolean> {
  const changes = columns
    .filter(({ column }) => column.kind !== "setup" && column.kind !== "person")
    .map(({ column, text }) => ({
      ...column,
      // Two rows may have held the same: each gets a word of its own.
      value: column.isUnique
        ? `erased-${newId()}`
        : column.type === "_text"
          ? erasing.matcher.erase(text)
          : eraseText(erasing, text, true),
    }));
  return changes.length > 0 && store.updateRow(owner, table, orgId, row.place, changes);
}

async function eraseTableRows(
  { owner }: ErasureNeeds,
  orgId: string,
  erasing: Erasing,
  report: Report,
): Promise<void> {
  const { matcher, records } = erasing;
  for (const row of await store.findTableRows(owner, orgId, matcher.posix)) {
    if (!matcher.has(JSON.stringify(row.data))) continue;
    const isAbout = Object.values(row.data).some((value) => matcher.isOne(String(value)));
    const data = eraseJson({ matcher, records: false }, row.data, true) as Record<string, unknown>;
    const changed = Object.keys(row.data).filter((name) => data[name] !== row.data[name]);
    const gone = await transaction(owner, (tx) =>
      records && isAbout
        ? store.removeTableRow(tx, orgId, row)
        : store.changeTableRow(tx, orgId, { ...row, data }, changed),
    );
    report.erased("data_table_rows", gone);
  }
}

async function eraseFiles(
  { blobs, owner }: ErasureNeeds,
  orgId: string,
  erasing: Erasing,
  report: Report,
  about: { found: Set<string>; kept: Set<string>; request: ErasureRequest },
): Promise<void> {
  for await (const file of filesOf(blobs, orgId)) {
    const isOpaque = file.text === undefined && about.found.has(file.executionId);
    if (!isOpaque && !isIn(erasing.matcher, file)) continue;
    if (about.kept.has(file.executionId) || (await isProtected(owner, orgId, file.executionId)))
      report.kept("files", "open", file.id);
    else if (!isOpaque) {
      await blobs.replace(file.id, bytesOf(file, eraseText(erasing, file.text ?? "", true)));
      report.erased("files");
    } else if (about.request.opaqueFiles === "remove") {
      if ((await blobs.getValue(file.id).catch(() => undefined))?.length !== 0) {
        await blobs.replace(file.id, new Uint8Array());
        report.erased("files");
      }
    } else report.kept("files", "opaque", file.id);
  }
}

/** Of an execution that does not name the person itself, but has a file that does. */
async function isProtected(owner: Pool, orgId: string, executionId: string): Promise<boolean> {
  if (!/^[0-9a-f]{8}-/.test(executionId)) return false;
  const found = await store.findProtection(owner, orgId, executionId);
  return found !== undefined && (found.isOpen || found.isHeld);
}

async function eraseAccounts(
  { owner }: ErasureNeeds,
  orgId: string,
  { identifiers }: ErasureRequest,
  report: Report,
): Promise<void> {
  const names = namesOf(identifiers);
  report.erased("invitations", await store.removeInvitations(owner, orgId, names));
  for (const { id, role } of await store.findAccounts(owner, orgId, names)) {
    const outcome = await transaction(owner, async (tx) => {
      if (role === "owner" && (await store.countOwners(tx, orgId)) === 1) return "lastOwner";
      return store.removeAccount(tx, orgId, id);
    });
    if (outcome === "lastOwner") report.kept("users", "account", id);
    else {
      report.erased("memberships");
      if (outcome === "removed") report.erased("users");
      else report.kept("users", "account", id);
    }
  }
}

async function eraseFromAudit(
  { owner, api, subjects }: ErasureNeeds,
  orgId: string,
  { identifiers }: ErasureRequest,
  { matcher }: Erasing,
  report: Report,
): Promise<void> {
  for (const { value } of identifiers)
    if (await withTenant(api, orgId, (tx) => subjects.destroySubject(tx, orgId, value)))
      report.erased("subject_keys");
  // Written before personal data was sealed, or by somebody who typed a name where none belongs.
  for (const { seq, entry } of await store.findAuditEntries(owner, orgId, matcher.posix))
    if (matcher.has(entry)) report.kept("audit_entries", "audit", String(seq));
}
