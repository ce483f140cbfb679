// A new workflow from one of the examples.
import { useTranslation } from "react-i18next";
import { TemplateGrid } from "../templates/TemplateGrid.tsx";
import { useStartFromTemplate } from "../templates/useStartFromTemplate.ts";
import { Dialog } from "../ui/Dialog.tsx";

export function TemplatesDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("templates");
  const { start, busy } = useStartFromTemplate();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("title")}
      description={t("help")}
      width="wide"
    >
      <TemplateGrid onChoose={start} busy={busy} />
    </Dialog>
  );
}
