// Deleting what may be shown just now. From the click on nothing asks the server for it: not the live stream, which hears
// of the change before the answer is here, not the list that is read again, not the sheet that still shows it. When the
// last one that shows it has closed, the cache forgets it. A deletion that is refused leaves everything as it was.
import { type QueryClient, type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";

type Deletion = {
  /** Begins every key under which the thing itself is read. */
  shown: QueryKey;
  /** What is read again afterwards, such as the list. */
  changed: QueryKey;
  run(): Promise<unknown>;
  /** It is gone: whatever shows it closes. */
  onGone?: (() => void) | undefined;
};

const leaving = new Set<QueryKey>();

/** The default of every query (queryClient.ts): false while what it reads is being deleted, or is gone and still shown. */
export function isAskedFor({ queryKey }: { queryKey: QueryKey }): boolean {
  for (const key of leaving) if (key.every((part, at) => part === queryKey[at])) return false;
  return true;
}

/** @throws ApiError what the server refuses. */
export async function deleteShown(
  client: QueryClient,
  { shown, changed, run, onGone }: Deletion,
): Promise<void> {
  leaving.add(shown);
  const stays = () => void leaving.delete(shown);
  try {
    await client.cancelQueries({ queryKey: shown });
    await run();
  } catch (error) {
    stays();
    void client.invalidateQueries({ queryKey: shown });
    throw error;
  }
  onGone?.();
  whenUnseen(client, shown, () => {
    client.removeQueries({ queryKey: shown });
    stays();
  });
  await client.invalidateQueries({ queryKey: changed });
}

/** A hook for one kind of thing: `remove.mutateAsync({ id, onGone })`. */
export function useDelete<Input extends object>(
  about: (input: Input) => Omit<Deletion, "onGone">,
): ReturnType<typeof useMutation<void, Error, Input & Pick<Deletion, "onGone">>> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Input & Pick<Deletion, "onGone">) =>
      deleteShown(client, { ...about(input), onGone: input.onGone }),
  });
}

function whenUnseen(client: QueryClient, queryKey: QueryKey, act: () => void): void {
  const cache = client.getQueryCache();
  const isSeen = () => cache.findAll({ queryKey }).some((query) => query.getObserversCount() > 0);
  if (!isSeen()) return act();
  const end = cache.subscribe(() => {
    if (isSeen()) return;
    end();
    act();
  });
}
