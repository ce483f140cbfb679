// Data tables and variables: what is read, what is done. Keys begin with "tables" or "variables", so one invalidation
// reaches all of a kind.
import type { DataTableBody, VariableBody } from "@auraos/contract";
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { RawBody, type ReplyOf, request, requestRaw } from "./request.ts";
import { useDelete } from "./useDelete.ts";

export type Table = ReplyOf<"get /api/v1/tables/:id">;
export type TableColumn = Table["columns"][number];
export type TableRow = ReplyOf<"get /api/v1/tables/:id/rows/:row">;
export type Variable = ReplyOf<"get /api/v1/variables">["items"][number];

const tableKeys = {
  all: ["tables"] as const,
  list: (search: string) => ["tables", "list", search] as const,
  one: (id: string) => ["tables", "one", id] as const,
  rows: (id: string, sort: string) => ["tables", "one", id, "rows", sort] as const,
};
const variableKey = ["variables"] as const;

export function useTables(search: string) {
  return useInfiniteQuery({
    queryKey: tableKeys.list(search),
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/tables", { query: { search, after: pageParam, limit: 100 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useTable(id: string) {
  return useQuery({
    queryKey: tableKeys.one(id),
    queryFn: ({ signal }) => request("get /api/v1/tables/:id", { params: { id }, signal }),
  });
}

export function useTableRows(id: string, sort: string) {
  return useInfiniteQuery({
    queryKey: tableKeys.rows(id, sort),
    queryFn: ({ pageParam, signal }) =>
      request("get /api/v1/tables/:id/rows", {
        params: { id },
        query: { sort: sort || undefined, after: pageParam || undefined, limit: 100 },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useSaveTable() {
  return useChange(tableKeys.all, ({ table, body }: { table: Table | null; body: DataTableBody }) =>
    table === null
      ? request("post /api/v1/tables", { body })
      : request("put /api/v1/tables/:id", {
          params: { id: table.id },
          headers: { "if-match": table.etag },
          body,
        }),
  );
}

export function useDeleteTable() {
  return useDelete(({ id }: { id: string }) => ({
    ...{ shown: tableKeys.one(id), changed: tableKeys.all },
    run: () => request("delete /api/v1/tables/:id", { params: { id } }),
  }));
}

type RowChange = { id: string; row: number | null; values: Record<string, unknown> };

export function useSaveRow() {
  return useChange(tableKeys.all, async ({ id, row, values }: RowChange) => {
    if (row === null)
      await request("post /api/v1/tables/:id/rows", { params: { id }, body: { rows: [values] } });
    else await request("put /api/v1/tables/:id/rows/:row", { params: { id, row }, body: values });
  });
}

export function useDeleteRow() {
  return useChange(tableKeys.all, ({ id, row }: { id: string; row: number }) =>
    request("post /api/v1/tables/:id/rows/delete", { params: { id }, body: { ids: [row] } }),
  );
}

type Import = { id: string; file: File; match: string; delimiter: string };

export function useImportRows() {
  return useChange(tableKeys.all, async ({ id, file, match, delimiter }: Import) =>
    request("post /api/v1/tables/:id/import", {
      params: { id },
      query: { match: match || undefined, delimiter },
      body: new RawBody(await file.text(), "text/csv"),
    }),
  );
}

/** Gives all rows to the person as a file that a spreadsheet opens without running anything. */
export async function exportRows({ id, name }: Pick<Table, "id" | "name">): Promise<void> {
  const response = await requestRaw("get /api/v1/tables/:id/export", {
    params: { id },
    query: { escapeFormulas: true },
  });
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name.replace(/[\\/:*?"<>|]/g, "-")}.csv`;
  link.click();
  // The download has its own hold on the data by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function useVariables() {
  return useQuery({
    queryKey: variableKey,
    queryFn: ({ signal }) => request("get /api/v1/variables", { signal }),
  });
}

export function useSaveVariable() {
  return useChange(variableKey, ({ name, body }: { name: string; body: VariableBody }) =>
    request("put /api/v1/variables/:name", { params: { name }, body }),
  );
}

export function useDeleteVariable() {
  return useChange(variableKey, (name: string) =>
    request("delete /api/v1/variables/:name", { params: { name } }),
  );
}

function useChange<Given, Reply>(queryKey: readonly string[], mutationFn: (given: Given) => Promise<Reply>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => queries.invalidateQueries({ queryKey }) });
}
