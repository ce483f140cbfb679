// What was open here was deleted by somebody, or an old address leads to it: news and a way on, not a failure of the page.
import { Trash2, Unlink } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button.tsx";
import { EmptyState } from "./EmptyState.tsx";

type GoneStateProps = {
  /** As it was last read; absent = it was never here. */
  name?: string | undefined;
  onBack(): void;
};

export function GoneState({ name, onBack }: GoneStateProps) {
  const { t } = useTranslation("ui");
  const kind = name === undefined ? "unknown" : "deleted";
  return (
    <div role="status">
      <EmptyState
        icon={name === undefined ? Unlink : Trash2}
        title={t(`gone.${kind}.title`, { name })}
        actions={<Button onClick={onBack}>{t("gone.back")}</Button>}
      >
        {t(`gone.${kind}.text`)}
      </EmptyState>
    </div>
  );
}
