// The whole HTTP API, in the order of the documentation. OpenAPI is generated from this list.
import { accessEndpoints } from "./accessEndpoints.ts";
import { alertEndpoints } from "./alertEndpoints.ts";
import { auditEndpoints } from "./auditEndpoints.ts";
import { authEndpoints } from "./authEndpoints.ts";
import { backupEndpoints } from "./backupEndpoints.ts";
import { connectionEndpoints } from "./connectionEndpoints.ts";
import { dataProtectionEndpoints } from "./dataProtectionEndpoints.ts";
import { dataTableEndpoints } from "./dataTableEndpoints.ts";
import { eventEndpoints } from "./eventEndpoints.ts";
import { executionEndpoints } from "./executionEndpoints.ts";
import { hostLimitEndpoints } from "./hostLimit.ts";
import { identityEndpoints } from "./identityEndpoints.ts";
import { incidentEndpoints } from "./incidentEndpoints.ts";
import { organizationLimitEndpoints } from "./organizationLimit.ts";
import { platformEndpoints } from "./platformEndpoints.ts";
import { poolEndpoints } from "./poolEndpoints.ts";
import { scheduleEndpoints } from "./scheduleEndpoints.ts";
import { taskEndpoints } from "./taskEndpoints.ts";
import { triggerEndpoints } from "./triggerEndpoints.ts";
import { variableEndpoints } from "./variableEndpoints.ts";
import { webhookEndpoints } from "./webhookEndpoints.ts";
import { workerEndpoints } from "./workerEndpoints.ts";
import { workflowEndpoints } from "./workflowEndpoints.ts";

export const endpoints = {
  ...workflowEndpoints,
  ...executionEndpoints,
  ...scheduleEndpoints,
  ...taskEndpoints,
  ...poolEndpoints,
  ...alertEndpoints,
  ...eventEndpoints,
  ...webhookEndpoints,
  ...triggerEndpoints,
  ...connectionEndpoints,
  ...authEndpoints,
  ...identityEndpoints,
  ...accessEndpoints,
  ...auditEndpoints,
  ...incidentEndpoints,
  ...dataProtectionEndpoints,
  ...dataTableEndpoints,
  ...variableEndpoints,
  ...backupEndpoints,
  ...workerEndpoints,
  ...hostLimitEndpoints,
  ...organizationLimitEndpoints,
  ...platformEndpoints,
};
