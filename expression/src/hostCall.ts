// Some functions of the host throw for odd arguments. Their errors must not reach the expression or its caller.
import { ExpressionError } from "./problem.ts";
import { fail, type Run } from "./run.ts";

export function hostCall<T>(run: Run, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    throw fail(
      run,
      "BAD_ARGUMENT",
      `${run.site.name} cannot work with this value.`,
      "Check the values it is given.",
    );
  }
}
