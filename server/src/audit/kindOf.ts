// Which requests have an entry in the audit log. The rule goes the other way round than a list would: everything that is not
// a GET has one, unless it stands here with its reason. The test walks every route of the contract.
import type { AuditKind, Endpoint } from "@auraos/contract";

/** These happen thousands of times a second and have a history of their own: executions, events, workers' reports. */
const OWN_HISTORY: ReadonlySet<string> = new Set(["workflow.execute", "event.publish", "worker.connect"]);

/** Ask without changing anything, and need more than a right to read for other reasons. */
const QUESTIONS: ReadonlySet<string> = new Set(["post /api/v1/auth/invitation"]);

const SIGN_IN = /^\/api\/v1\/auth\/(sign-in(\/(code|backup-code|passkey))?|set-up|callback\/:provider)$/;

/** Undefined = no entry. Denials have one whatever this says. */
export function kindOf({ method, path, action }: Endpoint): AuditKind | undefined {
  const isSignIn = SIGN_IN.test(path) && (method === "post" || path.includes("/callback/"));
  if (isSignIn) return "signIn";
  if (path === "/api/v1/auth/sign-out") return "signOut";
  // Where many leave the server at once, also reading is an act.
  if (method === "get" && /\/(export|evidence)$/.test(path)) return "export";
  if (method === "get" || OWN_HISTORY.has(action) || QUESTIONS.has(`${method} ${path}`)) return undefined;
  // A POST that a right to read is enough for is a question with a long text.
  if (action.endsWith(".read")) return undefined;
  return "change";
}

/**
 * What is compared before and after: not the data of customers, which changes all the time and is looked for elsewhere; and
 * not who is looked for to be erased.
 */
export function isCompared({ action }: Endpoint): boolean {
  return !/^(execution\.|table\.write|event\.|blob\.|protection\.erase)/.test(action);
}
