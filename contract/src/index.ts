// What server, web app and command line say to each other.

export * from "./access.ts";
export * from "./accessKeys.ts";
export * from "./alert.ts";
export { type AuditChange, type AuditEntry, type AuditKind, type AuditReport, auditKinds } from "./audit.ts";
export type { Backup, BackupOverview, BackupRun } from "./backup.ts";
export * from "./common.ts";
export type {
  Connection,
  ConnectionBody,
  ConnectionChange,
  ConnectionTested,
  ConnectionType,
} from "./connection.ts";
export * from "./dataProtection.ts";
export * from "./dataTable.ts";
export { type BodyKind, type Endpoint, endpoint, type Method } from "./endpoint.ts";
export { endpoints } from "./endpoints.ts";
export * from "./execution.ts";
export type { FilingOverview } from "./filing.ts";
export * from "./hostLimit.ts";
export {
  type acceptBody,
  type Invitation,
  type Me,
  type Member,
  organizationHeader,
  type roleBody,
  type setUpBody,
} from "./identity.ts";
export type {
  Freeze,
  Incident,
  IncidentSummary,
  SecurityCheck,
  SecurityCheckItem,
  SecurityFinding,
} from "./incident.ts";
export { securityChecks } from "./incident.ts";
export * from "./live.ts";
export * from "./maintenance.ts";
export { jsonSchema, openapi } from "./openapi.ts";
export * from "./organizationLimit.ts";
export * from "./permissions.ts";
export * from "./platform.ts";
export * from "./pool.ts";
export * from "./schedule.ts";
export {
  type SentenceCode,
  type SentencePart,
  type SentenceValues,
  sentences,
} from "./sentences.ts";
export * from "./task.ts";
export { type Variable, type VariableBody, type VariableList, variableName } from "./variable.ts";
export * from "./worker.ts";
export * from "./workerProtocol.ts";
export * from "./workflow.ts";
export { z } from "./zod.ts";
