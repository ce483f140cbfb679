// Routes of proving who one is. Each asks better-auth in ask.ts and answers in the contract's words.
import { hash } from "node:crypto";
import { endpoints } from "@auraos/contract";
import type { Request, Response } from "express";
import type { Deps } from "../deps.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { type Answer, type Route, route } from "../platform/http.ts";
import { acceptInvitation, setUpOwner, showInvitation } from "./accounts.ts";
import { ask, type Question, refuseForeignPage } from "./ask.ts";
import { refuseWeakPassword } from "./passwords.ts";
import { demandProof } from "./proof.ts";
import { renewToken } from "./renewToken.ts";
import {
  countAccounts,
  deletePasskey,
  deleteSessionByToken,
  listPasskeysOf,
  noteProof,
  useCode,
} from "./store.ts";
import { countTry } from "./tries.ts";

const signedIn: Answer = { json: { twoFactorNeeded: false } };
const done: Answer = { empty: true };

export function authRoutes(deps: Deps): Route[] {
  return [
    ...beginRoutes(deps),
    ...signInRoutes(deps),
    ...passwordRoutes(deps),
    ...totpRoutes(deps),
    ...passkeyRoutes(deps),
  ];
}

function asker(deps: Deps) {
  const { identity } = deps;
  return async (response: Response, question: Question) => {
    const request = response.req as Request;
    const asking = { url: identity.url(), client: identity.clientOf(request) };
    const answer = await ask(await identity.auth(), asking, request, question);
    // Whatever the question was, it may have begun or ended a session.
    if (question.method !== "GET") identity.sessions.forget();
    return answer;
  };
}

function beginRoutes(deps: Deps): Route[] {
  const asking = asker(deps);
  const { identity, settings } = deps;
  const signInWith = async (response: Response, email: string, password: string) => {
    const answer = await asking(response, { path: "/sign-in/email", body: { email, password } });
    answer.keep(response);
  };
  return [
    route(endpoints.getSignInOptions, async ({ response }) => ({
      json: {
        signedIn: (await identity.sessions.personOf(response.req)) !== undefined,
        setUpNeeded: (await countAccounts(identity.pool)) === 0,
        mail: identity.mail.canSend,
        providers: settings.oidc === undefined ? [] : [{ id: settings.oidc.id, name: settings.oidc.name }],
      },
    })),
    route(endpoints.setUpOwner, async ({ body, response }) => {
      refuseForeignPage(response.req as Request);
      await setUpOwner(deps, body);
      await signInWith(response, body.email, body.password);
      return signedIn;
    }),
    route(endpoints.showInvitation, async ({ body }) => ({ json: await showInvitation(deps, body.token) })),
    route(endpoints.acceptInvitation, async ({ body, response }) => {
      const request = response.req as Request;
      refuseForeignPage(request);
      const person = await identity.sessions.personOf(request);
      const email = await acceptInvitation(deps, body, person);
      if (email !== undefined && body.password !== undefined)
        await signInWith(response, email, body.password);
      return signedIn;
    }),
  ];
}

function signInRoutes(deps: Deps): Route[] {
  const asking = asker(deps);
  return [
    route(endpoints.signIn, async ({ body, response }) => {
      const answer = await asking(response, { path: "/sign-in/email", body });
      answer.keep(response);
      return { json: { twoFactorNeeded: answer.json.twoFactorRedirect === true } };
    }),
    route(endpoints.signInWithCode, async ({ body, response }) => {
      const answer = await asking(response, { path: "/two-factor/verify-totp", body });
      await refuseUsedCode(deps, answer.json, body.code);
      answer.keep(response);
      return signedIn;
    }),
    route(endpoints.signInWithBackupCode, async ({ body, response }) => {
      const answer = await asking(response, { path: "/two-factor/verify-backup-code", body });
      answer.keep(response);
      return signedIn;
    }),
    route(endpoints.beginPasskeySignIn, async ({ response }) => {
      const answer = await asking(response, {
        method: "GET",
        path: "/passkey/generate-authenticate-options",
      });
      answer.keep(response);
      return { json: answer.json };
    }),
    route(endpoints.signInWithPasskey, async ({ body, response }) => {
      const { response: proof } = body;
      const answer = await asking(response, {
        path: "/passkey/verify-authentication",
        body: { response: proof },
      });
      answer.keep(response);
      return signedIn;
    }),
    route(endpoints.signInWithProvider, async ({ body, response }) => {
      if (deps.settings.oidc?.id !== body.provider)
        throw notFound("such provider", "See /api/v1/auth/options.");
      // Back to a page of ours and nowhere else.
      const to = body.to !== undefined && /^\/(?![/\\])/.test(body.to) ? body.to : "/";
      const answer = await asking(response, {
        path: "/sign-in/social",
        body: {
          provider: body.provider,
          callbackURL: to,
          errorCallbackURL: "/sign-in",
          disableRedirect: true,
        },
      });
      answer.keep(response);
      const url = await deps.identity.provider?.authorizationUrl(String(answer.json.url)).catch((error) => {
        deps.log("warn", "the identity provider cannot be asked", { reason: (error as Error).message });
        return undefined;
      });
      if (url !== undefined) return { json: { url } };
      throw refuse(
        503,
        "PROVIDER_UNREACHABLE",
        "The identity provider does not answer.",
        "Sign in another way, or try again in a moment; the server's log has the reason.",
      );
    }),
    route(endpoints.returnFromProvider, async ({ params, response }) => {
      const { search } = new URL(response.req.originalUrl, "http://here");
      const path = `/callback/${encodeURIComponent(params.provider)}`;
      const answer = await asking(response, { method: "GET", path, query: search });
      deps.identity.sessions.forget();
      answer.keep(response);
      const location = new URL(answer.location ?? "/sign-in", deps.identity.url());
      // The provider's word about an error is not repeated; which it was stands in the log of the provider.
      const isOurs = location.origin === new URL(deps.identity.url()).origin;
      const to =
        !isOurs || location.searchParams.has("error") ? "/sign-in?refused=provider" : location.pathname;
      return { status: 302, empty: true, headers: { location: to } };
    }),
    route(endpoints.signOut, async ({ response }) => {
      const answer = await asking(response, { path: "/sign-out" });
      answer.keep(response);
      return done;
    }),
  ];
}

function passwordRoutes(deps: Deps): Route[] {
  const asking = asker(deps);
  return [
    route(endpoints.askForPasswordReset, async ({ body, response }) => {
      await asking(response, { path: "/request-password-reset", body });
      return done;
    }),
    route(endpoints.resetPassword, async ({ body, response }) => {
      refuseWeakPassword(body.newPassword, []);
      await asking(response, { path: "/reset-password", body });
      return done;
    }),
    route(endpoints.changePassword, async ({ body, response }) => {
      const person = await deps.identity.sessions.personOf(response.req);
      refuseWeakPassword(body.newPassword, [person?.name ?? "", person?.email ?? ""]);
      const answer = await asking(response, {
        path: "/change-password",
        body: { ...body, revokeOtherSessions: true },
      });
      answer.keep(response);
      return done;
    }),
    route(endpoints.proveAgain, async ({ body, caller, response }) => {
      countTry(`proof ${caller.userId}`, deps.nowMs());
      await checkPassword(deps, response, body.password);
      await noteProof(deps.identity.pool, caller.credentialId ?? "");
      await renewToken(deps, response, caller.credentialId ?? "");
      deps.identity.sessions.forget();
      return done;
    }),
  ];
}

function totpRoutes(deps: Deps): Route[] {
  const asking = asker(deps);
  return [
    route(endpoints.beginTotp, async ({ body, caller, response }) => {
      countTry(`proof ${caller.userId}`, deps.nowMs());
      const answer = await asking(response, { path: "/two-factor/enable", body });
      const { totpURI, backupCodes } = answer.json;
      return { json: { totpURI, backupCodes } };
    }),
    route(endpoints.confirmTotp, async ({ body, caller, response }) => {
      const answer = await asking(response, { path: "/two-factor/verify-totp", body });
      const isNew = await useCode(deps.identity.pool, caller.userId ?? "", sumOf(body.code));
      if (!isNew) throw codeUsed();
      answer.keep(response);
      return done;
    }),
    route(endpoints.endTotp, async ({ body, caller, response }) => {
      countTry(`proof ${caller.userId}`, deps.nowMs());
      const person = await deps.identity.sessions.personOf(response.req);
      if (person?.belongings.some(({ mfaRequired }) => mfaRequired) === true && person.passkeys === 0)
        throw refuse(
          409,
          "MFA_REQUIRED",
          "An organization of yours requires a second factor.",
          "Add a passkey first, or leave that organization.",
        );
      const answer = await asking(response, { path: "/two-factor/disable", body });
      answer.keep(response);
      return done;
    }),
    route(endpoints.newBackupCodes, async ({ body, caller, response }) => {
      countTry(`proof ${caller.userId}`, deps.nowMs());
      const answer = await asking(response, { path: "/two-factor/generate-backup-codes", body });
      return { json: { backupCodes: answer.json.backupCodes } };
    }),
  ];
}

function passkeyRoutes(deps: Deps): Route[] {
  const asking = asker(deps);
  const { identity } = deps;
  return [
    route(endpoints.listPasskeys, async ({ caller }) => {
      const rows = await listPasskeysOf(identity.pool, caller.userId ?? "");
      const items = rows.map(({ id, name, createdAt, backedUp }) => ({
        id,
        name: name ?? "",
        backedUp,
        ...(createdAt === null ? {} : { createdAt: createdAt.toISOString() }),
      }));
      return { json: { items } };
    }),
    route(endpoints.beginPasskey, async ({ caller, response }) => {
      demandProof(caller, deps.nowMs());
      const answer = await asking(response, { method: "GET", path: "/passkey/generate-register-options" });
      answer.keep(response);
      return { json: answer.json };
    }),
    route(endpoints.addPasskey, async ({ body, caller, response }) => {
      demandProof(caller, deps.nowMs());
      await asking(response, { path: "/passkey/verify-registration", body });
      return done;
    }),
    route(endpoints.removePasskey, async ({ params, caller }) => {
      demandProof(caller, deps.nowMs());
      if (!(await deletePasskey(identity.pool, caller.userId ?? "", params.id)))
        throw notFound("passkey of yours with this id");
      identity.sessions.forget();
      return done;
    }),
  ];
}

/** The app shows a code for half a minute, and it would be taken again all that time: the session it made ends. */
async function refuseUsedCode(deps: Deps, json: Record<string, unknown>, code: string): Promise<void> {
  const userId = (json.user as { id?: string } | undefined)?.id ?? "";
  if (await useCode(deps.identity.pool, userId, sumOf(code))) return;
  await deleteSessionByToken(deps.identity.pool, String(json.token));
  throw codeUsed();
}

function codeUsed() {
  return refuse(401, "CODE_USED", "This code was used already.", "Wait for the next one that the app shows.");
}

function sumOf(code: string): Buffer {
  return hash("sha256", code, "buffer");
}

async function checkPassword(deps: Deps, response: Response, password: string): Promise<void> {
  const headers = new Headers({ cookie: response.req.headers.cookie ?? "" });
  const auth = await deps.identity.auth();
  const isRight = await auth.api.verifyPassword({ headers, body: { password } }).then(
    () => true,
    () => false,
  );
  if (!isRight) throw refuse(401, "INVALID_PASSWORD", "The password is wrong.", "Try again.");
}
