// What to tell a person about an error of any kind. Reads the shape of ApiError without importing it: ui knows no data.
import type { TFunction } from "i18next";
import { errorTitle, inEnglish } from "./errorTitle.ts";

type Described = {
  title: string;
  remedy: string;
  code: string;
  requestId: string | undefined;
  problems: readonly { path: string; message: string; remedy: string }[];
};

type Known = Error & {
  status: number;
  code: string;
  remedy: string;
  requestId?: string;
  problems?: readonly { path: string; message: string; remedy: string }[];
};

export function describeError(error: unknown, t: TFunction<"ui">): Described {
  if (!isKnown(error)) {
    return {
      title: t("errors.bug.title"),
      remedy: t("errors.bug.remedy"),
      code: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      requestId: undefined,
      problems: [],
    };
  }
  const own = { UNREACHABLE: "unreachable", UNEXPECTED_ANSWER: "unexpected" } as const;
  const problems = error.problems ?? [];
  const kind = own[error.code as keyof typeof own];
  // Where problems are listed, each says what to do about it.
  const remedy = problems.length > 0 ? "" : error.remedy;
  const named = errorTitle(error.code, t as TFunction);
  return {
    title: kind ? t(`errors.${kind}.title`) : (named ?? error.message),
    // The name of the error in the reader's language, then what the server says of it.
    remedy: kind
      ? t(`errors.${kind}.remedy`)
      : named === undefined
        ? remedy
        : inEnglish(`${error.message} ${remedy}`.trim()),
    code: error.status === 0 ? error.code : `${error.status} ${error.code}`,
    requestId: error.requestId,
    problems: problems.map((one) => ({
      ...one,
      message: inEnglish(one.message),
      remedy: inEnglish(one.remedy),
    })),
  };
}

/** What was asked for is not there (any more). */
export function isGone(error: unknown): boolean {
  return isKnown(error) && error.status === 404;
}

function isKnown(error: unknown): error is Known {
  return error instanceof Error && "code" in error && "remedy" in error && "status" in error;
}
