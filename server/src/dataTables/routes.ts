// Routes of data tables.
import { dataTableCondition, endpoints, z } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { readBody, textOf } from "../platform/body.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { type Answer, type Caller, type Route, route } from "../platform/http.ts";
import { cursorOf, nameAfter } from "../platform/page.ts";
import type { Condition } from "./conditions.ts";
import { exportCsv, importCsv } from "./csv.ts";
import { IMPORT_BYTES_MAX } from "./limits.ts";
import { orderFrom, readRows } from "./readRows.ts";
import { noTable } from "./refusals.ts";
import { createTable, deleteTable, replaceTable } from "./saveTable.ts";
import { findTable, findWrite, listTables, noteWrite, type TableRow } from "./store.ts";
import { tableView } from "./view.ts";
import { deleteByIds, lockTable, updateWhere, writeRows } from "./writeRows.ts";

export function dataTableRoutes(deps: Deps): Route[] {
  return [...tableRoutes(deps), ...rowRoutes(deps), ...fileRoutes(deps)];
}

function tableRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listTables, async ({ query, caller }) => {
      const { orgId } = caller;
      const { search = null, name = null } = query;
      const after = nameAfter(query.after);
      const rows = await withTenant(deps.api, orgId, (tx) =>
        listTables(tx, { orgId, search, name, after, limit: query.limit + 1 }),
      );
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      const next = rows.length > query.limit && last ? { next: cursorOf(last.name) } : {};
      return { json: { items: shown.map(tableView), ...next } };
    }),
    route(endpoints.createTable, async ({ body, caller }) => shown(await createTable(deps, caller, body))),
    route(endpoints.getTable, async ({ params, caller }) => {
      const { orgId } = caller;
      const table = await withTenant(deps.api, orgId, (tx) => findTable(tx, orgId, { id: params.id }));
      if (!table) throw noTable();
      return shown(table);
    }),
    route(endpoints.updateTable, async ({ params, body, caller, header }) =>
      shown(await replaceTable(deps, caller, { id: params.id, body, ifMatch: header("if-match") })),
    ),
    route(endpoints.deleteTable, async ({ params, caller }) => {
      await deleteTable(deps, caller, params.id);
      return { empty: true };
    }),
  ];
}

function rowRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listTableRows, async ({ params, query, caller }) => {
      const { orgId } = caller;
      const { limit, after } = query;
      const rowQuery = {
        where: conditionsOf(query.where),
        any: false,
        sort: orderFrom(query.sort),
        limit,
        after,
      };
      const json = await withTenant(deps.api, orgId, async (tx) => {
        const table = await findTable(tx, orgId, { id: params.id });
        if (!table) throw noTable();
        return readRows(tx, orgId, table, rowQuery);
      });
      return { json };
    }),
    route(endpoints.writeTableRows, async ({ params, body, caller, header }) => {
      const { orgId } = caller;
      const key = header("idempotency-key");
      const json = await withTenant(deps.api, orgId, async (tx) => {
        const table = await lockTable(tx, orgId, { id: params.id });
        const asked = key === undefined ? undefined : keyOf(key);
        const before = asked === undefined ? undefined : await findWrite(tx, orgId, table.id, asked);
        if (before !== undefined) return JSON.parse(before) as unknown;
        const { rows, match } = body;
        const written = await writeRows(tx, orgId, table, { rows: rows as never, match, at: "/rows" });
        if (asked !== undefined)
          await noteWrite(tx, orgId, table.id, { key: asked, result: JSON.stringify(written) });
        return written;
      });
      return { json };
    }),
    route(endpoints.deleteTableRows, async ({ params, body, caller }) => {
      const { orgId } = caller;
      const deleted = await withTenant(deps.api, orgId, async (tx) =>
        deleteByIds(tx, orgId, await lockTable(tx, orgId, { id: params.id }), body.ids),
      );
      return { json: { deleted } };
    }),
    route(endpoints.getTableRow, ({ params, caller }) => showRow(deps, caller, params)),
    route(endpoints.updateTableRow, async ({ params, body, caller }) => {
      const { orgId } = caller;
      await withTenant(deps.api, orgId, async (tx) => {
        const table = await lockTable(tx, orgId, { id: params.id });
        const where = [{ column: "id", operator: "equals", value: params.row }];
        const { items } = await readRows(tx, orgId, table, { where, any: false, sort: [], limit: 1 });
        if (items.length === 0) throw noRow();
        await updateWhere(tx, orgId, table, { values: body as never, ids: [params.row], at: "" });
      });
      return showRow(deps, caller, params);
    }),
  ];
}

function fileRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.importTableRows, async ({ params, query, body, caller }) => {
      const text = textOf(await readBody(body, IMPORT_BYTES_MAX));
      const match = query.match?.split(",").map((name) => name.trim());
      const { delimiter } = query;
      return { json: await importCsv(deps, caller, { id: params.id, text, delimiter, match }) };
    }),
    route(endpoints.exportTableRows, async ({ params, query, caller }) => {
      const rowQuery = { where: conditionsOf(query.where), any: false, sort: orderFrom(query.sort) };
      const { name, stream } = await exportCsv(deps, caller, {
        id: params.id,
        query: rowQuery,
        delimiter: query.delimiter,
        escapeFormulas: query.escapeFormulas ?? false,
      });
      const file = name.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 100) || "table";
      return {
        stream,
        type: "text/csv; charset=utf-8",
        headers: { "content-disposition": `attachment; filename="${file}.csv"` },
      };
    }),
  ];
}

async function showRow(deps: Deps, { orgId }: Caller, params: { id: string; row: number }): Promise<Answer> {
  const where = [{ column: "id", operator: "equals", value: params.row }];
  return withTenant(deps.api, orgId, async (tx) => {
    const table = await findTable(tx, orgId, { id: params.id });
    if (!table) throw noTable();
    const { items } = await readRows(tx, orgId, table, { where, any: false, sort: [], limit: 1 });
    const [row] = items;
    if (row === undefined) throw noRow();
    return { json: row };
  });
}

function shown(table: TableRow): Answer {
  const json = tableView(table);
  return { json, headers: { etag: json.etag } };
}

function noRow() {
  return notFound("row with this id in the table");
}

/** Those of the API are apart from those of executions. */
function keyOf(header: string): string {
  if (header.length > 0 && header.length <= 255) return `api/${header}`;
  throw refuse(400, "KEY_INVALID", "Idempotency-Key has 1 to 255 characters.", "Send a shorter one.");
}

const conditionList = z.array(dataTableCondition).max(50);

function conditionsOf(text: string | undefined): Condition[] {
  if (text === undefined) return [];
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw refuse(
      400,
      "QUERY_INVALID",
      "`where` is not JSON.",
      "Send a JSON list of comparisons, URL-encoded.",
    );
  }
  const read = conditionList.safeParse(given);
  if (read.success) return read.data as Condition[];
  const issue = read.error.issues[0];
  throw refuse(
    400,
    "QUERY_INVALID",
    `\`where\`${issue ? ` /${issue.path.join("/")}: ${issue.message}` : " is wrong"}.`,
    'Send [{"column": ..., "operator": ..., "value": ...}].',
  );
}
