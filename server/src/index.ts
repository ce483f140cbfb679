// The server as other rooms may use it: benchmarks and end-to-end tests run it in their own process.
export { type AssembleOptions, assemble, type Running } from "./assemble.ts";
export { createLog } from "./platform/log.ts";
export { readSettings, type Settings } from "./platform/settings.ts";
export { type AdmissionItem, createAdmission } from "./pools/admission.ts";
