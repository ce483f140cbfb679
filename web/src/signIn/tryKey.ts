// Whether the server takes a key. Asked without the session, so that a wrong key signs nobody out.
import { ApiError, errorOf, UNREACHABLE } from "../api/apiError.ts";

export async function tryKey(key: string): Promise<boolean> {
  const response = await fetch("/api/v1/workflows?limit=1", {
    headers: { accept: "application/json", authorization: `Bearer ${headerSafe(key)}` },
  }).catch(() => {
    throw new ApiError({ status: 0, code: UNREACHABLE });
  });
  // A key without the right to list workflows is a key all the same.
  if (response.ok || response.status === 403) return true;
  if (response.status === 401) return false;
  throw await errorOf(response);
}

/** A pasted text may hold characters that no header can carry. */
function headerSafe(key: string): string {
  return key.replace(/[^\x21-\x7e]/g, "?");
}
