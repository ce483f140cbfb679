// The server does not take the draft: why, and that nothing is lost.
import { Ban } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useBuilderState } from "../state/BuilderContext.tsx";

export function RefusalBanner() {
  const { t } = useTranslation("builder");
  const saving = useBuilderState((state) => state.saving);
  const refusal = useBuilderState((state) => state.refusal);
  return (
    <div role="status">
      {saving === "refused" && refusal && (
        <p className="flex items-start gap-2 bg-fail-soft px-4 py-2 text-fail text-sm">
          <Ban aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            <span className="font-medium">{refusal.isRight ? t("refusal.right") : refusal.message}</span>{" "}
            {refusal.isRight ? "" : `${refusal.remedy} `}
            {t("refusal.kept")}
          </span>
        </p>
      )}
    </div>
  );
}
