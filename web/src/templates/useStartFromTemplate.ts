// A new workflow from an example, named in the language of the app; the builder opens on it.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useImportWorkflow } from "../api/workflows.ts";
import { paths } from "../paths.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { readTemplate } from "./readTemplate.ts";
import type { TemplateId } from "./templates.ts";

export function useStartFromTemplate() {
  const { t } = useTranslation("templates");
  const navigate = useNavigate();
  const tellFailure = useTellFailure();
  const { mutateAsync: importOne } = useImportWorkflow();
  const [busy, setBusy] = useState<TemplateId>();
  const start = async (id: TemplateId) => {
    setBusy(id);
    try {
      const graph = await readTemplate(id);
      const named = { ...graph, name: t(`names.${id}`), description: t(`texts.${id}`) };
      navigate(paths.workflow((await importOne(JSON.stringify(named))).id));
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(undefined);
    }
  };
  return { start: (id: TemplateId) => void start(id), busy };
}
