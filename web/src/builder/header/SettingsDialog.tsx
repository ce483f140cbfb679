// Settings of the whole workflow.
import type { Json, JsonObject } from "@auraos/kernel";
import type { TFunction } from "i18next";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ConfigForm } from "../form/ConfigForm.tsx";
import type { Graph } from "../graph/graph.ts";
import { useBuilder, useGraph } from "../state/BuilderContext.tsx";
import type { Schema } from "../types/schema.ts";

export function SettingsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const graph = useGraph();
  const schema = useMemo(() => settingsSchema(t), [t]);
  const [value, setValue] = useState<JsonObject>(() => ({
    name: graph.name,
    ...(graph.description === undefined ? {} : { description: graph.description }),
    ...(graph.settings as JsonObject | undefined),
  }));
  const isNamed = typeof value.name === "string" && value.name.trim() !== "";
  const save = () => {
    const { name, description, ...settings } = value;
    builder.edit("settings", (before) => {
      const { description: _, settings: __, ...rest } = before;
      return {
        ...rest,
        name: String(name).trim(),
        ...(description === undefined ? {} : { description: String(description) }),
        ...(Object.keys(settings).length === 0 ? {} : { settings }),
      } as Graph;
    });
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("settings.title")}
      actions={
        <Button tone="primary" disabled={!isNamed} onClick={save}>
          {t("settings.apply")}
        </Button>
      }
    >
      <ConfigForm schema={schema} value={value} onChange={setValue} />
    </Dialog>
  );
}

function settingsSchema(t: TFunction<"builder">): Schema {
  const field = (name: string, schema: Schema): [string, Schema] => [
    name,
    { ...schema, title: t(`settings.${name}.title`), description: t(`settings.${name}.help`) },
  ];
  const zones = Intl.supportedValuesOf("timeZone") as Json[];
  const concurrency: Schema = {
    type: "object",
    required: ["limit"],
    properties: Object.fromEntries([
      field("limit", { type: "integer", minimum: 1 }),
      field("key", { type: "string" }),
      field("overlap", { enum: ["queue", "skip", "cancelOther"], default: "queue" }),
    ]),
  };
  return {
    type: "object",
    required: ["name"],
    properties: Object.fromEntries([
      field("name", { type: "string", minLength: 1 }),
      field("description", { type: "string", format: "markdown" }),
      field("timezone", { enum: zones, default: "UTC" }),
      field("timeoutMs", { type: "number", exclusiveMinimum: 0 }),
      field("errorWorkflow", { type: "string" }),
      field("concurrency", concurrency),
      field("expressions", { enum: ["strict", "lenient"], default: "strict" }),
    ]),
  };
}
