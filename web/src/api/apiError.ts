// The one shape of everything that can go wrong with a request: what the server refused (problem details), a server
// that cannot be reached, an answer nobody expected. Pages show it with <ErrorState> and never look at messages.
import type { ProblemDetails } from "@auraos/contract";

export type LocatedProblem = NonNullable<ProblemDetails["problems"]>[number];

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  readonly problems: readonly LocatedProblem[];
  readonly requestId: string | undefined;
  readonly executionId: string | undefined;

  constructor(details: Partial<ProblemDetails> & { status: number; code: string }) {
    super(details.detail ?? details.title ?? details.code);
    this.name = "ApiError";
    this.status = details.status;
    this.code = details.code;
    this.remedy = details.remedy ?? "";
    this.problems = details.problems ?? [];
    this.requestId = details.requestId;
    this.executionId = details.executionId;
  }
}

/** Codes this side gives; their words are in the message catalogue (ui: errors). */
export const UNREACHABLE = "UNREACHABLE";
export const UNEXPECTED_ANSWER = "UNEXPECTED_ANSWER";

export async function errorOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("x-request-id") ?? undefined;
  const fallback = { status: response.status, code: UNEXPECTED_ANSWER, ...(requestId ? { requestId } : {}) };
  try {
    const body = (await response.json()) as Partial<ProblemDetails> | null;
    return new ApiError({ ...fallback, ...body, status: response.status });
  } catch {
    return new ApiError(fallback);
  }
}
