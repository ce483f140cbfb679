// What every node that asks a model can fail with; failure.ts says which answer means which.
import type { LibraryCode } from "../errors/libraryErrors.ts";

export const modelErrors: readonly LibraryCode[] = [
  "AI_KEY_MISSING",
  "AI_KEY_INVALID",
  "AI_FORBIDDEN",
  "AI_NOT_FOUND",
  "AI_QUOTA",
  "AI_RATE_LIMITED",
  "AI_SERVER",
  "AI_TOO_LONG",
  "AI_REFUSED",
  "AI_CUT_OFF",
  "AI_MALFORMED",
  "AI_HTTP_<status>",
];
