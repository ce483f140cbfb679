// The navigation on narrow screens: a drawer from the start side.
import { useTranslation } from "react-i18next";
import { Sheet } from "../ui/Sheet.tsx";
import { Navigation } from "./Navigation.tsx";
import { openOverlay, useOverlay } from "./overlays.ts";

export function NavigationSheet() {
  const { t } = useTranslation("shell");
  const isOpen = useOverlay() === "navigation";
  return (
    <Sheet
      open={isOpen}
      onOpenChange={(open) => openOverlay(open ? "navigation" : null)}
      title={t("navigation")}
      side="start"
      className="w-72 md:hidden"
    >
      <div className="-mx-2 h-full">
        <Navigation onGo={() => openOverlay(null)} />
      </div>
    </Sheet>
  );
}
