// The whole HTTP API, in the order of the documentation. OpenAPI is generated from this list.
import { accessEndpoints } from "./accessEndpoints.ts";
import { authEndpoints } from "./authEndpoints.ts";
import { dataTableEndpoints } from "./dataTableEndpoints.ts";
import { executionEndpoints } from "./executionEndpoints.ts";
import { identityEndpoints } from "./identityEndpoints.ts";
import { platformEndpoints } from "./platformEndpoints.ts";
import { scheduleEndpoints } from "./scheduleEndpoints.ts";
import { workflowEndpoints } from "./workflowEndpoints.ts";

export const endpoints = {
  ...workflowEndpoints,
  ...executionEndpoints,
  ...scheduleEndpoints,
  ...authEndpoints,
  ...identityEndpoints,
  ...accessEndpoints,
  ...dataTableEndpoints,
  ...platformEndpoints,
};
