// What the one number of the form means for each kind of rule. Pure.
import type { AlertKind, AlertRuleDraft } from "../api/alerts.ts";

const limits: Record<AlertKind, number> = {
  failureRate: 20,
  latency: 60,
  silentSchedule: 1_500,
  waitingApproval: 60,
  expiringCredential: 14,
  security: 30,
};

export const kinds = Object.keys(limits) as AlertKind[];

export function limitOf(kind: AlertKind): number {
  return limits[kind];
}

export function conditionOf(kind: AlertKind, limit: number): AlertRuleDraft["condition"] {
  switch (kind) {
    case "failureRate":
      return { kind, percent: limit };
    case "latency":
      return { kind, seconds: limit };
    case "silentSchedule":
      return { kind, afterMinutes: limit };
    case "waitingApproval":
      return { kind, afterMinutes: limit };
    case "expiringCredential":
    case "security":
      return { kind, withinDays: limit };
  }
}
