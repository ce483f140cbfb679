// The navigation on narrow screens: a drawer from the start side.
import { useTranslation } from "react-i18next";
import { Sheet } from "../ui/Sheet.tsx";
import { AccountMenu } from "./AccountMenu.tsx";
import { Brand } from "./Brand.tsx";
import { openOverlay, useOverlay } from "./overlays.ts";
import { RoomLinks } from "./RoomLinks.tsx";

export function NavigationSheet() {
  const { t } = useTranslation("shell");
  const isOpen = useOverlay() === "navigation";
  return (
    <Sheet
      open={isOpen}
      onOpenChange={(open) => openOverlay(open ? "navigation" : null)}
      title={
        <>
          <span className="sr-only">{t("navigation")}</span>
          <Brand />
        </>
      }
      side="start"
      width="narrow"
      className="md:hidden"
    >
      <nav aria-label={t("navigation")} className="-mx-2">
        <RoomLinks onGo={() => openOverlay(null)} />
        <div className="mt-3 border-line border-t pt-2">
          <AccountMenu onGo={() => openOverlay(null)} />
        </div>
      </nav>
    </Sheet>
  );
}
