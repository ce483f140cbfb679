// The whole HTTP API, in the order of the documentation. OpenAPI is generated from this list.
import { accessEndpoints } from "./accessEndpoints.ts";
import { dataTableEndpoints } from "./dataTableEndpoints.ts";
import { executionEndpoints } from "./executionEndpoints.ts";
import { platformEndpoints } from "./platformEndpoints.ts";
import { scheduleEndpoints } from "./scheduleEndpoints.ts";
import { workflowEndpoints } from "./workflowEndpoints.ts";

export const endpoints = {
  ...workflowEndpoints,
  ...executionEndpoints,
  ...scheduleEndpoints,
  ...accessEndpoints,
  ...dataTableEndpoints,
  ...platformEndpoints,
};
