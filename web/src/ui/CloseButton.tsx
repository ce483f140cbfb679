// The cross of a dialog or a panel. Last in the document, so that the focus begins at the content; without a tooltip,
// which would take the first Escape for itself.
import { X } from "lucide-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "./classes.ts";

export function CloseButton({ className, ...rest }: ComponentProps<"button">) {
  const { t } = useTranslation("ui");
  return (
    <button
      type="button"
      {...rest}
      aria-label={t("close")}
      className={classes(
        "grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-text pointer-coarse:size-10",
        className,
      )}
    >
      <X aria-hidden className="size-4" />
    </button>
  );
}
