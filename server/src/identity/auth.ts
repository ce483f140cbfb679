// better-auth as this server uses it: accounts, sessions, second factors, passkeys, identity providers. It never meets the
// network itself: routes of the contract call it through ask.ts, and organizations, invitations, roles and API keys are
// our own. What was found wanting in it is guarded here and in ask.ts; identity.db.test.ts holds each guard.
import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth";
import { genericOAuth, twoFactor } from "better-auth/plugins";
import type { Pool } from "../platform/db.ts";
import { Refusal } from "../platform/errors.ts";
import type { Log } from "../platform/log.ts";
import { ADDRESS_HEADER, BASE_PATH, sessionCookie } from "./names.ts";
import type { OidcProvider } from "./oidcProvider.ts";

const DAY_SECONDS = 24 * 60 * 60;

export type Provider = { id: string; clientId: string; clientSecret: string; speaks: OidcProvider };

export type AuthOptions = {
  pool: Pool;
  secret: string;
  /** Where browsers reach this server. */
  url: string;
  signInsPerMinute: number;
  sessionDays: number;
  providers: readonly Provider[];
  sendReset(to: { email: string; token: string }): void;
  log: Log;
};

const AUTHORIZATION_PLACE = "https://provider.invalid/authorize";

export type Auth = ReturnType<typeof createAuth>;

export function createAuth(options: AuthOptions) {
  const isSecure = options.url.startsWith("https:");
  const prefix = isSecure ? "__Host-auraos" : "auraos";
  const tries = { window: 60, max: options.signInsPerMinute };
  return betterAuth({
    appName: "AuraOS",
    baseURL: options.url,
    basePath: BASE_PATH,
    secret: options.secret,
    database: options.pool,
    telemetry: { enabled: false },
    logger: { disabled: true },
    trustedOrigins: (request) => originsOf(options.url, request),
    emailAndPassword: {
      enabled: true,
      // Accounts begin with the set-up or an invitation only; see accounts.ts.
      disableSignUp: true,
      requireEmailVerification: true,
      minPasswordLength: 1,
      maxPasswordLength: 200,
      resetPasswordTokenExpiresIn: 30 * 60,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }) => options.sendReset({ email: user.email, token }),
    },
    session: {
      expiresIn: options.sessionDays * DAY_SECONDS,
      // Absolute: a session is not prolonged by using it.
      disableSessionRefresh: true,
      // A copy in a cookie once let people past the second factor.
      cookieCache: { enabled: false },
      // Fifteen minutes are asked for by proof.ts, for more than what this would cover.
      freshAge: 0,
      additionalFields: {
        method: { type: "string", required: false, input: false },
        provenAt: { type: "date", required: false, input: false },
      },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => ({
            data: { ...session, method: methodOf(context?.path, context?.params), provenAt: new Date() },
          }),
        },
      },
    },
    account: {
      accountLinking: { enabled: true, trustedProviders: options.providers.map(({ id }) => id) },
      encryptOAuthTokens: true,
      // Otherwise an identity provider's outage would sign people out of nothing but a cookie.
      storeAccountCookie: false,
    },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 300,
      customRules: {
        "/sign-in/*": tries,
        "/two-factor/*": tries,
        "/passkey/verify-authentication": tries,
        "/request-password-reset": tries,
        "/reset-password": tries,
        "/change-password": tries,
      },
    },
    advanced: {
      database: { generateId: "uuid" },
      useSecureCookies: false,
      cookiePrefix: prefix,
      cookies: { session_token: { name: sessionCookie(options.url) } },
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", secure: isSecure, path: "/" },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    plugins: [
      twoFactor({
        issuer: "AuraOS",
        totpOptions: { digits: 6, period: 30 },
        backupCodeOptions: { storeBackupCodes: "encrypted" },
      }),
      passkey({
        rpName: "AuraOS",
        rpID: passkeyHost(options.url),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        authentication: {
          afterVerification: async ({ verification }) => {
            // A passkey stands for two factors only where the person was asked for a finger, a face or a PIN.
            if (!verification.authenticationInfo.userVerified)
              throw new Refusal({
                status: 401,
                code: "PASSKEY_UNVERIFIED",
                message: "The passkey did not check who used it.",
                remedy: "Unlock it with a PIN, finger or face.",
              });
          },
        },
      }),
      genericOAuth({
        config: options.providers.map(({ id, clientId, clientSecret, speaks }) => ({
          providerId: id,
          clientId,
          clientSecret,
          // A place for the parameters; authRoutes.ts puts the discovered address there.
          authorizationUrl: AUTHORIZATION_PLACE,
          // Everything that is asked of the provider goes through the guarded way out, never through this library.
          getToken: ({ code, codeVerifier, redirectURI }) =>
            speaks.redeem({
              code,
              redirectUri: redirectURI,
              ...(codeVerifier === undefined ? {} : { codeVerifier }),
            }),
          getUserInfo: ({ idToken, accessToken }) =>
            speaks.profileOf({
              ...(idToken === undefined ? {} : { idToken }),
              ...(accessToken === undefined ? {} : { accessToken }),
            }),
          scopes: ["openid", "email", "profile"],
          pkce: true,
          // Somebody without an account here needs an invitation, whoever vouches for them.
          disableSignUp: true,
          disableImplicitSignUp: true,
        })),
      }),
    ],
  });
}

/** Passkeys belong to a name; an address such as 127.0.0.1 has none, localhost is the one for it. */
function passkeyHost(url: string): string {
  const { hostname } = new URL(url);
  return /^[\d.]+$|^\[/.test(hostname) ? "localhost" : hostname;
}

/** Pages of this very server, under whatever name it was opened: ask.ts has compared Origin and Host already. */
function originsOf(url: string, request: Request | undefined): string[] {
  const origin = request?.headers.get("origin");
  return origin === null || origin === undefined ? [url] : [url, origin];
}

function methodOf(path: string | undefined, params: unknown): string {
  if (path === "/two-factor/verify-totp") return "password+totp";
  if (path === "/two-factor/verify-backup-code") return "password+backup-code";
  if (path?.startsWith("/passkey/") === true) return "passkey";
  if (path?.startsWith("/callback/") === true) return String((params as { id?: unknown }).id ?? "provider");
  return "password";
}
