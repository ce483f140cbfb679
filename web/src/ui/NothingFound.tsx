// Nothing fits what was searched for or chosen; one press shows everything again.
import { useTranslation } from "react-i18next";
import { Button } from "./Button.tsx";

type NothingFoundProps = {
  /** Was looked for in names. */
  search?: string;
  /** Instead of the sentence about names. */
  text?: string;
  onClear(): void;
};

export function NothingFound({ search = "", text, onClear }: NothingFoundProps) {
  const { t } = useTranslation("ui");
  return (
    <p role="status" className="flex flex-wrap items-center gap-3 text-muted">
      <span className="min-w-0 break-words">{text ?? t("nothingFound", { search })}</span>
      <Button size="small" onClick={onClear}>
        {t("showAll")}
      </Button>
    </p>
  );
}
