// Every node type, found by name, description or another word for it. Enter or a click adds; dragging puts it where it
// is let go.
import { Command } from "cmdk";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton.tsx";
import { addNode, type Where } from "../canvas/actions.ts";
import { useShowNode } from "../canvas/useShowNode.ts";
import { useParts } from "../state/BuilderContext.tsx";
import { iconOf } from "../types/nodeIcons.ts";
import { fitsInto, isAttachment, isBlock, type NodeTypeView } from "../types/nodeTypes.ts";
import { tintOf } from "../types/tintOf.ts";
import { firstSentenceOf } from "./firstSentenceOf.ts";
import { score } from "./score.ts";
import { type PaletteAsk, usePalette } from "./usePalette.ts";

const groups = ["trigger", "action", "transform", "condition", "block"] as const;
export const DRAGGED = "application/x-auraos-node";

export function Palette({ centre }: { centre(): { x: number; y: number } }) {
  const { ask } = usePalette();
  const isOpen = ask !== null;

  // The focus goes back to the canvas when the palette leaves, whatever closed it.
  useEffect(() => {
    if (!isOpen) return;
    return () => document.getElementById("builder-canvas")?.focus({ preventScroll: true });
  }, [isOpen]);

  if (ask === null) return null;
  // Asked for at another place while it is open, it begins anew and takes the focus.
  return <OpenPalette key={JSON.stringify(ask)} ask={ask} centre={centre} />;
}

type OpenProps = { ask: PaletteAsk; centre(): { x: number; y: number } };

function OpenPalette({ ask, centre }: OpenProps) {
  const { builder, catalogue } = useParts();
  const { t } = useTranslation("builder");
  const palette = usePalette();
  const showNode = useShowNode();
  const [search, setSearch] = useState("");
  const only = ask.kind === "anywhere" ? ask.category : undefined;
  const list = catalogue.list.filter((view) => isOffered(view, ask, only));
  const synonymsOf = (view: NodeTypeView) =>
    [t(`synonyms.${view.type.replaceAll(".", "_")}`, { defaultValue: "" }), view.englishName ?? ""].join(" ");
  const found = list
    .map((view) => ({ view, fit: score(view.type, search, [view.name, view.description, synonymsOf(view)]) }))
    .filter(({ fit }) => fit > 0)
    .toSorted((a, b) => b.fit - a.fit)
    .map(({ view }) => view);

  const add = (view: NodeTypeView) => {
    const where: Where = ask.kind === "anywhere" ? { kind: "at", position: centre() } : ask;
    const id = addNode(builder, catalogue, view, where);
    palette.close();
    // The panel that opens beside it takes room first.
    requestAnimationFrame(() => requestAnimationFrame(() => showNode(id, "gently")));
  };

  return (
    <div
      role="dialog"
      aria-label={t("palette.title")}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        palette.close();
      }}
      className="absolute inset-x-2 top-2 bottom-2 z-20 animate-enter sm:inset-x-auto sm:start-3 sm:top-3 sm:bottom-3 sm:w-80"
    >
      <Command
        label={t("palette.title")}
        shouldFilter={false}
        loop
        className="flex max-h-full flex-col overflow-hidden rounded-lg border border-line-strong bg-panel shadow-over"
      >
        <div className="flex items-center gap-1 border-line border-b pe-1">
          <Command.Input
            value={search}
            onValueChange={setSearch}
            autoFocus
            placeholder={only ? t("palette.searchTriggers") : t("palette.search")}
            className="h-10 min-w-0 flex-1 bg-transparent px-3 text-sm outline-none pointer-coarse:text-lg"
          />
          <IconButton icon={X} label={t("palette.close")} size="small" onClick={palette.close} />
        </div>
        <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-muted text-sm">
            {t("palette.nothing")}
          </Command.Empty>
          {search.trim() === ""
            ? groups.map((group) => <EntryGroup key={group} group={group} views={list} onAdd={add} />)
            : found.map((view) => <Entry key={view.type} view={view} onAdd={() => add(view)} />)}
        </Command.List>
      </Command>
    </div>
  );
}

type GroupProps = { group: Group; views: readonly NodeTypeView[]; onAdd(view: NodeTypeView): void };

function EntryGroup({ group, views, onAdd }: GroupProps) {
  const { t } = useTranslation("builder");
  const entries = views.filter((view) => groupOf(view) === group);
  if (entries.length === 0) return null;
  return (
    <Command.Group
      heading={t(`palette.groups.${group}`)}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-muted"
    >
      {entries.map((view) => (
        <Entry key={view.type} view={view} onAdd={() => onAdd(view)} />
      ))}
    </Command.Group>
  );
}

function Entry({ view, onAdd }: { view: NodeTypeView; onAdd(): void }) {
  const Icon = iconOf(view);
  return (
    <Command.Item
      value={view.type}
      title={view.description}
      onSelect={onAdd}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED, view.type);
        event.dataTransfer.effectAllowed = "copy";
      }}
      className="flex cursor-pointer items-start gap-2.5 rounded-md px-2 py-1.5 data-[selected=true]:bg-hover"
    >
      <span className={`mt-0.5 grid size-7 shrink-0 place-items-center rounded-md ${tintOf(view)}`}>
        <Icon aria-hidden className="size-4" strokeWidth={1.75} />
      </span>
      <span className="min-w-0">
        <span className="block font-medium text-sm">{view.name}</span>
        <span className="line-clamp-2 text-2xs text-muted">{firstSentenceOf(view.description)}</span>
      </span>
    </Command.Item>
  );
}

type Group = (typeof groups)[number];

function groupOf(view: NodeTypeView): Group {
  return isBlock(view) ? "block" : view.category;
}

function isOffered(view: NodeTypeView, ask: PaletteAsk, only: string | undefined): boolean {
  if (ask.kind === "attach") return fitsInto(view, ask.input);
  if (isAttachment(view)) return false;
  if (only !== undefined) return view.category === only;
  // What comes after another node cannot be a trigger.
  return ask.kind === "anywhere" || view.category !== "trigger";
}
