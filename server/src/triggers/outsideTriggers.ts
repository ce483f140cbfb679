// The triggers of a definition that listen to something outside, and the source under which their events stand.
import { isObject, type JsonObject, type WorkflowDefinition } from "@auraos/kernel";

export type OutsideTrigger = { node: string; type: string; config: JsonObject };

export const outsideTypes = [
  "trigger.redis",
  "trigger.postgres",
  "trigger.file",
  "trigger.rss",
  "trigger.poll",
] as const;

export function outsideTriggersOf(definition: WorkflowDefinition): OutsideTrigger[] {
  return definition.nodes
    .filter((node) => (outsideTypes as readonly string[]).includes(node.type) && node.disabled !== true)
    .map((node) => ({ node: node.id, type: node.type, config: isObject(node.config) ? node.config : {} }));
}

export function sourceOf(triggerId: string): string {
  return `/triggers/${triggerId}`;
}
