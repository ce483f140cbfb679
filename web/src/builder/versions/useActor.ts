// Who stored or published something, as histories name people and keys: `user:ann@example.com`, `key:owner`, `local`.
import { useMe } from "../../api/account.ts";

export type Who = "you" | "person" | "key" | "erased" | "unknown";

export function useActor(actor: string | null): { who: Who; name: string } {
  const mine = useMe().data?.user?.email;
  const [, kind, name = ""] = /^(user|key):(.+)$/s.exec(actor ?? "") ?? [];
  return { who: whoOf(kind, name, mine), name };
}

function whoOf(kind: string | undefined, name: string, mine: string | undefined): Who {
  if (kind === "key") return "key";
  if (kind !== "user") return "unknown";
  if (name === "[erased]") return "erased";
  return name === mine ? "you" : "person";
}
