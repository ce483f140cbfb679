// Backup codes, shown this once.
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { Dialog } from "../ui/Dialog.tsx";

export function BackupCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose(): void }) {
  const { t } = useTranslation("security");
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("codes.title")}
      description={t("codes.text")}
      actions={
        <Button tone="primary" onClick={onClose}>
          {t("codes.kept")}
        </Button>
      }
    >
      <CodeBlock text={codes.join("\n")} label={t("codes.title")} />
    </Dialog>
  );
}
