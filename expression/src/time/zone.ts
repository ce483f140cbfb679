import type { Run } from "../run.ts"; export function zoneOr(_run: Run, zone: string) { return zone; }
