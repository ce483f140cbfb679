// The keys that work right now, page by page. Loaded when it is first asked for.
import { useTranslation } from "react-i18next";
import { Dialog } from "../ui/Dialog.tsx";
import { KeyHint } from "../ui/KeyHint.tsx";
import { type CommandGroup, useAllCommands } from "./commands.ts";
import { openOverlay } from "./overlays.ts";

const groups: readonly CommandGroup[] = ["page", "go", "do"];

export default function ShortcutSheet() {
  const { t } = useTranslation("shell");
  const commands = useAllCommands().filter(({ keys }) => keys !== undefined);
  return (
    <Dialog
      open
      onOpenChange={() => openOverlay(null)}
      title={t("shortcuts.title")}
      description={t("shortcuts.description")}
    >
      <div className="grid gap-5">
        {groups.map((group) => {
          const own = commands.filter((command) => command.group === group);
          return own.length === 0 ? null : (
            <section key={group} aria-label={t(`palette.groups.${group}`)}>
              <h3 className="mb-1 text-faint text-xs">{t(`palette.groups.${group}`)}</h3>
              <dl>
                {own.map(({ id, label, keys = "" }) => (
                  <div key={id} className="flex h-8 items-center justify-between gap-4 border-line border-t">
                    <dt className="text-sm">{label}</dt>
                    <dd>
                      <KeyHint keys={keys.replace(" ", "+")} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
