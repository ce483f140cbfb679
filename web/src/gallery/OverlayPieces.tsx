// What opens over the page.
import { Copy, Ellipsis, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu } from "../ui/Menu.tsx";
import { Popover } from "../ui/Popover.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { Tooltip } from "../ui/Tooltip.tsx";
import { toast } from "../ui/toasts.ts";
import { Piece, Pieces } from "./Piece.tsx";

export function OverlayPieces() {
  const { t } = useTranslation("gallery");
  const [open, setOpen] = useState<"dialog" | "sheet" | null>(null);
  const close = () => setOpen(null);
  return (
    <Pieces title={t("overlays")}>
      <Piece name="Dialog, Sheet">
        <Button onClick={() => setOpen("dialog")}>{t("openDialog")}</Button>
        <Button onClick={() => setOpen("sheet")}>{t("openSheet")}</Button>
        <Dialog
          open={open === "dialog"}
          onOpenChange={close}
          title={t("sample")}
          description={t("help")}
          actions={
            <Button tone="primary" onClick={close}>
              {t("action")}
            </Button>
          }
        >
          {t("text")}
        </Dialog>
        <Sheet open={open === "sheet"} onOpenChange={close} title={t("sample")}>
          {t("text")}
        </Sheet>
      </Piece>
      <Piece name="confirm">
        <Button
          onClick={() =>
            void confirm({ title: t("sample"), description: t("help"), action: t("action"), danger: true })
          }
        >
          {t("ask")}
        </Button>
      </Piece>
      <Piece name="toast">
        <Button onClick={() => toast.success(t("sample"), { action: { label: t("action"), onAct() {} } })}>
          {t("success")}
        </Button>
        <Button onClick={() => toast.failure(t("sample"), { detail: t("error") })}>{t("failure")}</Button>
        <Button onClick={() => toast.info(t("sample"))}>{t("info")}</Button>
      </Piece>
      <Piece name="Popover, Menu, Tooltip">
        <Popover label={t("sample")} trigger={<Button>{t("openPopover")}</Button>}>
          {t("text")}
        </Popover>
        <Menu
          align="start"
          trigger={<IconButton icon={Ellipsis} label={t("openMenu")} />}
          entries={[
            { label: t("action"), icon: Copy, keys: "Mod+C", onSelect() {} },
            { label: t("option"), disabled: true, onSelect() {} },
            "separator",
            { label: t("failure"), icon: Trash2, danger: true, onSelect() {} },
          ]}
        />
        <Tooltip text={t("help")} hint="Mod+K">
          <Button tone="quiet">{t("hover")}</Button>
        </Tooltip>
      </Piece>
    </Pieces>
  );
}
