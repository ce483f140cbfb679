// Routes of people: the account, its sessions, members, invitations, roles, organizations.
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import { type Answer, type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import {
  changeOrganization,
  createOrganization,
  deleteMe,
  describeMe,
  endOtherSessions,
  endSession,
} from "./account.ts";
import { inviteSomebody } from "./accounts.ts";
import { authRoutes } from "./authRoutes.ts";
import { deleteOrganization } from "./deleteOrganization.ts";
import { changeMember, endMemberSessions, leaveOrganization, removeMember } from "./members.ts";
import { demandProof } from "./proof.ts";
import { listSessionsOf, renameAccount, withSecondFactor } from "./store.ts";
import {
  type InvitationRow,
  listInvitationRows,
  listMemberRows,
  revokeInvitationRow,
} from "./tenantStore.ts";

const done: Answer = { empty: true };

export function identityRoutes(deps: Deps): Route[] {
  return [...authRoutes(deps), ...accountRoutes(deps), ...memberRoutes(deps), ...organizationRoutes(deps)];
}

function accountRoutes(deps: Deps): Route[] {
  const { identity } = deps;
  return [
    route(endpoints.getMe, async ({ caller, response }) => {
      const person = caller.via === "session" ? await identity.sessions.personOf(response.req) : undefined;
      return { json: await describeMe(deps, caller, person) };
    }),
    route(endpoints.renameMe, async ({ caller, body }) => {
      await renameAccount(identity.pool, caller.userId ?? "", body.name);
      identity.sessions.forget();
      return done;
    }),
    route(endpoints.deleteMe, async ({ caller }) => {
      await deleteMe(deps, caller);
      return done;
    }),
    route(endpoints.listSessions, async ({ caller }) => {
      const rows = await listSessionsOf(identity.pool, caller.userId ?? "");
      const items = rows.map((row) => ({
        id: row.id,
        current: row.id === caller.credentialId,
        method: row.method ?? "password",
        createdAt: row.createdAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        ...(row.ipAddress ? { address: row.ipAddress } : {}),
        ...(row.userAgent ? { userAgent: row.userAgent } : {}),
      }));
      return { json: { items } };
    }),
    route(endpoints.endSession, async ({ caller, params }) => {
      await endSession(deps, caller, params.id);
      return done;
    }),
    route(endpoints.endOtherSessions, async ({ caller, query }) => {
      await endOtherSessions(deps, caller, query.here === true);
      return done;
    }),
    route(endpoints.leaveOrganization, async ({ caller }) => {
      await leaveOrganization(deps, caller);
      return done;
    }),
    route(endpoints.createOrganization, async ({ caller, body }) => ({
      json: await createOrganization(deps, caller, body.name),
    })),
  ];
}

function memberRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listMembers, async ({ caller, query }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listMemberRows(tx, {
          orgId: caller.orgId,
          search: query.search ?? null,
          after: placeAfter(query.after),
          limit: query.limit + 1,
        }),
      );
      const strong = await withSecondFactor(
        deps.identity.pool,
        rows.map(({ userId }) => userId),
      );
      return {
        json: pageOf(
          rows,
          query.limit,
          ({ userId }) => userId,
          ({ userId, name, email, role, joinedAt }) => ({
            userId,
            name: name ?? "",
            email: email ?? "",
            role,
            joinedAt: joinedAt.toISOString(),
            twoFactor: strong.has(userId),
          }),
        ),
      };
    }),
    route(endpoints.changeMember, async ({ caller, params, body }) => {
      demandProof(caller, deps.nowMs());
      await changeMember(deps, caller, params.id, body.role);
      return done;
    }),
    route(endpoints.removeMember, async ({ caller, params }) => {
      await removeMember(deps, caller, params.id);
      return done;
    }),
    route(endpoints.endMemberSessions, async ({ caller, params }) => {
      await endMemberSessions(deps, caller, params.id);
      return done;
    }),
    route(endpoints.listInvitations, async ({ caller, query }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listInvitationRows(tx, {
          orgId: caller.orgId,
          before: placeAfter(query.after),
          limit: query.limit + 1,
        }),
      );
      return { json: pageOf(rows, query.limit, (row) => row.id, invitationView) };
    }),
    route(endpoints.invite, async ({ caller, body }) => {
      const { link, ...row } = await inviteSomebody(deps, caller, body);
      return { json: { ...invitationView(row), ...(link === undefined ? {} : { link }) } };
    }),
    route(endpoints.revokeInvitation, async ({ caller, params }) => {
      const isRevoked = await withTenant(deps.api, caller.orgId, (tx) =>
        revokeInvitationRow(tx, caller.orgId, params.id),
      );
      if (!isRevoked) throw notFound("open invitation with this id");
      return done;
    }),
  ];
}

function organizationRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.deleteOrganization, async ({ caller, body }) => {
      await deleteOrganization(deps, caller, body.name);
      return done;
    }),
    route(endpoints.changeOrganization, async ({ caller, body, response }) => {
      demandProof(caller, deps.nowMs());
      const person =
        caller.via === "session" ? await deps.identity.sessions.personOf(response.req) : undefined;
      await changeOrganization(deps, caller, body, person);
      return done;
    }),
  ];
}

function invitationView(row: InvitationRow) {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    ...(row.invitedBy === null ? {} : { invitedBy: row.invitedBy }),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
