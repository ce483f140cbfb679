// The place of the panel of one node: at the side, on small screens from below.
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";

export function PanelFrame(props: ComponentProps<"aside">) {
  const { t } = useTranslation("builder");
  return (
    <aside
      id="builder-panel"
      aria-label={t("panel.label")}
      {...props}
      className="absolute inset-x-0 bottom-0 z-30 flex h-[72%] animate-sheet flex-col rounded-t-xl border-line border-t bg-panel shadow-over md:static md:h-auto md:w-[340px] md:shrink-0 md:animate-none md:rounded-none md:border-s md:border-t-0 md:shadow-none xl:w-[380px]"
    />
  );
}
