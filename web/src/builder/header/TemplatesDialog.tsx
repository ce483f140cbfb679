// Examples to start from, in the place of the draft.
import { useTranslation } from "react-i18next";
import { readTemplate } from "../../templates/readTemplate.ts";
import { TemplateGrid } from "../../templates/TemplateGrid.tsx";
import type { TemplateId } from "../../templates/templates.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { useTellFailure } from "../../ui/useTellFailure.ts";
import { useReplaceGraph } from "./useReplaceGraph.ts";

export function TemplatesDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation(["builder", "templates"]);
  const replace = useReplaceGraph();
  const tellFailure = useTellFailure();
  const choose = async (id: TemplateId) => {
    try {
      const graph = await readTemplate(id);
      void replace({ ...graph, description: t(`templates:texts.${id}`) }, "template");
    } catch (error) {
      tellFailure(error);
    }
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("templates.title")}
      description={t("templates.help")}
      width="wide"
    >
      <TemplateGrid onChoose={(id) => void choose(id)} />
    </Dialog>
  );
}
