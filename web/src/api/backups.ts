// Backups and drills: what there is, what was done, and doing it now.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReplyOf, request } from "./request.ts";
import { SAFETY_NET_MS } from "./safetyNet.ts";

export type BackupOverview = ReplyOf<"get /api/v1/backups">;
export type Backup = BackupOverview["items"][number];
export type BackupRun = NonNullable<BackupOverview["running"]>;

const key = ["backups"] as const;

export function useBackups() {
  return useQuery({
    queryKey: [...key, "overview"],
    queryFn: ({ signal }) => request("get /api/v1/backups", { signal }),
    refetchInterval: SAFETY_NET_MS,
  });
}

/** The newest runs, again whenever one has ended. */
export function useBackupRuns(running: string | undefined) {
  return useQuery({
    queryKey: [...key, "runs", running],
    queryFn: ({ signal }) => request("get /api/v1/backups/runs", { query: { limit: 20 }, signal }),
  });
}

function useChange<Input>(change: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
}

export const useTakeBackup = () => useChange(() => request("post /api/v1/backups", {}));
export const useStartDrill = () =>
  useChange((backup: string | undefined) =>
    request("post /api/v1/backups/drills", { body: backup === undefined ? {} : { backup } }),
  );
export const useReleaseRestored = () => useChange(() => request("post /api/v1/backups/release", {}));
