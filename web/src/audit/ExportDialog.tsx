// A copy of the log that proves itself elsewhere: three files and the command that checks them.
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { saveReply } from "../api/saveReply.ts";
import { Button } from "../ui/Button.tsx";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";

const files = [
  { id: "entries", address: "get /api/v1/audit/export", name: "audit.jsonl" },
  { id: "checkpoints", address: "get /api/v1/audit/checkpoints", name: "checkpoints.txt" },
  { id: "verifier", address: "get /api/v1/audit/verifier", name: "verify.mjs" },
] as const;

const COMMAND = "node verify.mjs audit.jsonl checkpoints.txt 'KEY'";

export function ExportDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("audit");
  const tellFailure = useTellFailure();
  return (
    <Dialog
      open
      width="normal"
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("export.title")}
      description={t("export.text")}
    >
      <div className="grid gap-4">
        <ul className="divide-y divide-line rounded-lg border border-line">
          {files.map(({ id, address, name }) => (
            <li key={id} className="flex items-center gap-3 p-3">
              <div className="min-w-0 flex-1">
                <p className="font-medium text-sm">{t(`export.${id}`)}</p>
                <p dir="ltr" className="font-mono text-muted text-xs rtl:text-right">
                  {name}
                </p>
              </div>
              <Button size="small" onClick={() => saveReply(address, name).catch(tellFailure)}>
                <Download aria-hidden className="size-4" />
                {t("export.save")}
              </Button>
            </li>
          ))}
        </ul>
        <div className="grid gap-1.5">
          <p className="text-muted text-sm">{t("export.check")}</p>
          <CodeBlock label={t("export.check")} text={COMMAND} />
        </div>
      </div>
    </Dialog>
  );
}
