// People as they are seen from outside: the account, its sessions, memberships, invitations, organizations.
import { action } from "./access.ts";
import { id, instant, page } from "./common.ts";
import { roleName } from "./permissions.ts";
import { z } from "./zod.ts";

/** Names the organization of a request of a person who belongs to several: its id or its slug. */
export const organizationHeader = "X-Auraos-Organization";

const email = z.email().max(320).describe("E-mail address.");
const name = z.string().trim().min(1).max(100);
export const password = z
  .string()
  .min(1)
  .max(200)
  .describe("At least 10 characters, and not one that everybody tries.");
const secret = z.string().min(20).max(100);
/** Six digits of an authenticator app. */
const code = z.string().regex(/^\d{6}$/, "six digits");

const membership = z.object({
  id,
  name: z.string(),
  slug: z.string().optional(),
  role: z.string(),
  mfaRequired: z.boolean(),
  timezone: z.string().describe("IANA zone whose midnights are its days, for daily budgets."),
});

export const me = z
  .object({
    via: z.enum(["session", "key", "local"]),
    user: z
      .object({ id, name: z.string(), email: z.string(), twoFactor: z.boolean(), passkeys: z.int() })
      .optional()
      .describe("Absent for a key."),
    organization: membership
      .optional()
      .describe("Of this request; absent while a person has none, or several and named none."),
    organizations: z.array(membership),
    actions: z.array(action).describe("What may be done in that organization."),
    mfaNeeded: z.boolean().describe("The organization wants a second factor first."),
    provenAt: instant.optional().describe("When the person last proved who they are."),
    providers: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .describe("Identity providers to sign in with."),
  })
  .meta({ id: "Me", description: "Who is asking, and what they may do." });
export type Me = z.infer<typeof me>;

export const signInOptions = z
  .object({
    setUpNeeded: z
      .boolean()
      .describe("Nobody has an account yet: the first start printed an address for the owner."),
    signedIn: z.boolean().describe("A session came along."),
    mail: z.boolean().describe("This server can send mail."),
    providers: me.shape.providers,
  })
  .meta({ id: "SignInOptions" });

export const setUpBody = z.strictObject({
  token: secret.describe("From the address that the start printed; good once."),
  name,
  email,
  password,
  organization: name.optional(),
});

export const session = z
  .object({
    id,
    current: z.boolean(),
    method: z.string().describe("password, passkey, or an identity provider."),
    createdAt: instant,
    expiresAt: instant,
    address: z.string().optional(),
    userAgent: z.string().optional(),
  })
  .meta({ id: "Session" });
export const sessionList = z.object({ items: z.array(session) });

export const member = z
  .object({
    userId: id,
    name: z.string(),
    email: z.string(),
    role: z.string(),
    joinedAt: instant,
    twoFactor: z.boolean().describe("Has an authenticator app or a passkey."),
  })
  .meta({ id: "Member" });
export type Member = z.infer<typeof member>;
export const memberPage = page(member);
export const memberBody = z.strictObject({ role: roleName });

export const invitation = z
  .object({
    id,
    email: z.string(),
    role: z.string(),
    invitedBy: id.optional(),
    createdAt: instant,
    expiresAt: instant,
  })
  .meta({ id: "Invitation" });
export type Invitation = z.infer<typeof invitation>;
export const invitationPage = page(invitation);
export const invitationBody = z.strictObject({ email, role: roleName });
export const invitationMade = z
  .object({
    ...invitation.shape,
    link: z.url().optional().describe("Hand it over yourself; absent when a mail was sent."),
  })
  .meta({ id: "InvitationMade" });
export const invitationToken = z.strictObject({ token: secret });
export const invitationShown = z
  .object({ organization: z.string(), email: z.string(), role: z.string(), hasAccount: z.boolean() })
  .meta({ id: "InvitationShown" });
export const acceptBody = z.strictObject({
  token: secret,
  name: name.optional(),
  password: password
    .optional()
    .describe("Of the account that is made; absent for somebody who has one and is signed in."),
});

export const organizationBody = z.strictObject({ name });
export const organizationChange = z.strictObject({
  name: name.optional(),
  mfaRequired: z.boolean().optional().describe("Everybody needs a second factor; set your own up first."),
  timezone: z.string().min(1).max(60).optional().describe("IANA zone, such as Asia/Riyadh."),
});
export const organizationEnd = z.strictObject({
  name: z.string().max(255).describe("Its name once more, so that it is the right one."),
});
export const organization = membership.meta({ id: "Organization" });

export const roleBody = z.strictObject({
  description: z.string().trim().max(300).optional(),
  actions: z.array(action).min(1).describe("None that you lack."),
});

export const signInBody = z.strictObject({ email, password, rememberMe: z.boolean().optional() });
export const signedIn = z
  .object({
    twoFactorNeeded: z.boolean().describe("A code of the authenticator app, or a backup code, comes next."),
  })
  .meta({ id: "SignedIn" });
export const emailBody = z.strictObject({ email });
export const resetBody = z.strictObject({ token: z.string().min(10).max(100), newPassword: password });
export const changePasswordBody = z.strictObject({ currentPassword: password, newPassword: password });
export const nameBody = z.strictObject({ name });
export const passwordBody = z.strictObject({ password });
export const codeBody = z.strictObject({ code });
export const backupCodeBody = z.strictObject({ code: z.string().min(6).max(40) });
export const totpBegun = z
  .object({
    totpURI: z.string().describe("For the authenticator app, as text or as a QR code."),
    backupCodes: z.array(z.string()).describe("Each opens the account once; shown this once."),
  })
  .meta({ id: "TotpBegun" });
export const backupCodes = z.object({ backupCodes: z.array(z.string()) });
export const ceremony = z.record(z.string(), z.unknown()).describe("Options of WebAuthn, as JSON.");
export const passkeyBody = z.strictObject({
  response: z.record(z.string(), z.unknown()).describe("What the browser's WebAuthn gave."),
  name: z.string().trim().max(60).optional(),
});
export const passkey = z
  .object({ id, name: z.string(), createdAt: instant.optional(), backedUp: z.boolean() })
  .meta({ id: "Passkey" });
export const passkeyList = z.object({ items: z.array(passkey) });
export const providerBody = z.strictObject({
  provider: z.string().max(60),
  to: z.string().max(400).optional(),
});
export const goTo = z.object({ url: z.string() });
