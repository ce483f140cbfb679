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
import { createLearned, type Learned, learnFromFiles } from "./learned.ts";
import { createMatcher } from "./matcher.ts";
import { dataText, sealedData, turnText, withTurnText } from "./openParts.ts";
import * as store from "./peopleStore.ts";
import { executionsOf, type FoundTableRow, type PersonNeeds, rowsOf, textsOf } from "./readPerson.ts";
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
  const learned = createLearned(request);
  if (erasing.records) await learnFromFiles(needs, orgId, erasing, learned);
  const executions = await eraseExecutions(needs, orgId, erasing, report, learned);
  await eraseRows(needs, orgId, erasing, report, executions.kept);
  await eraseTableRows(needs, orgId, erasing, report);
  await eraseFiles(needs, orgId, erasing, report, { ...executions, request, learned });
  await eraseAccounts(needs, orgId, request, report);
  await eraseFromAudit(needs, orgId, request, erasing, report);
  return report.done();
}

async function eraseExecutions(
  needs: ErasureNeeds,
  orgId: string,
  erasing: Erasing,
  report: Report,
  learned: Learned,
) {
  const found = new Set<string>();
  const kept = new Set<string>();
  for await (const one of executionsOf(needs, orgId, erasing.matcher)) await look(one.part);
  // Those that have the person in a file only may still quote it.
  for (const id of learned.executions())
    if (!found.has(id)) {
      const part = await store.findExecutionPart(needs.owner, orgId, id);
      if (part) await look(part);
    }
  return { found, kept };

  async function look(part: store.ExecutionPart): Promise<void> {
    const { id, isOpen, isHeld } = part;
    found.add(id);
    const outcome = isOpen || isHeld ? "kept" : await eraseExecution(needs, orgId, erasing, part, learned);
    if (outcome === "erased") report.erased("workflow_executions");
    if (outcome !== "kept") return;
    kept.add(id);
    report.kept("workflow_executions", isHeld ? "held" : "open", id);
  }
}

/** "kept": it was opened again meanwhile. */
async function eraseExecution(
  needs: ErasureNeeds,
  orgId: string,
  erasing: Erasing,
  part: store.ExecutionPart,
  learned: Learned,
): Promise<"erased" | "same" | "kept"> {
  const { owner, cipher } = needs;
  if (erasing.records)
    for await (const { text, isData } of textsOf(needs, orgId, part))
      learned.from(part.id, erasing, text, isData);
  const own = { ...erasing, matcher: learned.matcherFor(part.id) ?? erasing.matcher };
  const erase = (text: string | null) => (text === null ? null : own.matcher.erase(text));
  const sealed = async (side: "input" | "output") => {
    const text = await dataText(cipher, orgId, part, side);
    const after = typeof text === "string" ? eraseText(own, text, true) : text;
    return after === text ? part[side] : sealedData(cipher, orgId, part.id, side, after as string);
  };
  const texts = Object.fromEntries(
    Object.entries(part.texts).map(([name, text]) => [name, erase(text)]),
  ) as store.ExecutionPart["texts"];
  const row = { id: part.id, texts, input: await sealed("input"), output: await sealed("output") };
  const changed: store.TurnPart[] = [];
  for await (const turn of store.listTurnParts(owner, orgId, [part.id])) {
    const text = await turnText(cipher, orgId, turn);
    const after = text === undefined ? text : eraseText(own, text, false);
    if (after !== text) changed.push(await withTurnText(cipher, orgId, turn, after as string));
  }
  const isSame =
    row.input === part.input &&
    row.output === part.output &&
    JSON.stringify(texts) === JSON.stringify(part.texts) &&
    changed.length === 0;
  if (isSame) return "same";
  return transaction(owner, async (tx) => {
    if (!(await store.isStillClosed(tx, part.id))) return "kept";
    for (const turn of changed) await store.updateTurn(tx, orgId, turn);
    await store.dropSnapshot(tx, orgId, part.id);
    await store.updateExecution(tx, orgId, row);
    return "erased";
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
  about: { found: Set<string>; kept: Set<string>; request: ErasureRequest; learned: Learned },
): Promise<void> {
  for await (const file of filesOf(blobs, orgId)) {
    const isOpaque = file.text === undefined && about.found.has(file.executionId);
    const own = { ...erasing, matcher: about.learned.matcherFor(file.executionId) ?? erasing.matcher };
    if (!isOpaque && !isIn(own.matcher, file)) continue;
    if (about.kept.has(file.executionId) || (await isProtected(owner, orgId, file.executionId)))
      report.kept("files", "open", file.id);
    else if (!isOpaque) {
      await blobs.replace(file.id, bytesOf(file, eraseText(own, file.text ?? "", true)));
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
