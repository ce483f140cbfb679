// Finds a node by its name, its type or what stands in its settings.
import { Command } from "cmdk";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../ui/Dialog.tsx";
import { useShowNode } from "../canvas/useShowNode.ts";
import { nameOf } from "../graph/graph.ts";
import { score } from "../palette/score.ts";
import { useBuilder, useCatalogue, useGraph } from "../state/BuilderContext.tsx";
import { iconOf } from "../types/nodeIcons.ts";

export function FindDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const catalogue = useCatalogue();
  const { nodes } = useGraph();
  const showNode = useShowNode();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("toolbar.find")}>
      <Command label={t("toolbar.find")} filter={score} loop>
        <Command.Input
          autoFocus
          placeholder={t("find.placeholder")}
          className="h-9 w-full rounded-md border border-control-line/60 bg-panel px-2.5 text-sm"
        />
        <Command.List className="mt-2 max-h-[50vh] overflow-y-auto">
          <Command.Empty className="py-6 text-center text-muted text-sm">{t("find.nothing")}</Command.Empty>
          {nodes.map((node) => {
            const view = catalogue.find(node.type);
            const Icon = iconOf(view);
            return (
              <Command.Item
                key={node.id}
                value={node.id}
                keywords={[nameOf(node), JSON.stringify(node.config), view?.name ?? node.type]}
                onSelect={() => {
                  builder.open(node.id);
                  showNode(node.id);
                  onClose();
                }}
                className="flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 data-[selected=true]:bg-hover"
              >
                <Icon aria-hidden className="size-4 shrink-0 text-muted" />
                <span className="font-medium">{nameOf(node)}</span>
                <span className="truncate text-muted text-xs">{view?.name ?? node.type}</span>
              </Command.Item>
            );
          })}
        </Command.List>
      </Command>
    </Dialog>
  );
}
