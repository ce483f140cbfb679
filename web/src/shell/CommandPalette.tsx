// Everything a person can do or open, by typing a part of it. Loaded when it is first asked for.
import { Command as Cmdk } from "cmdk";
import { ListChecks, ListTree, Workflow } from "lucide-react";
import { Dialog } from "radix-ui";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useTasks } from "../api/tasks.ts";
import { useWorkflows } from "../api/workflows.ts";
import { paths } from "../paths.ts";
import { KeyHint } from "../ui/KeyHint.tsx";
import { type Command, type CommandGroup, useAllCommands } from "./commands.ts";
import { openOverlay } from "./overlays.ts";

const groups: readonly CommandGroup[] = ["page", "go", "do", "appearance"];
const WORKFLOWS_MAX = 20;
const TASKS_MAX = 10;

export default function CommandPalette() {
  const { t } = useTranslation("shell");
  const [search, setSearch] = useState("");
  const commands = useAllCommands();
  return (
    <Dialog.Root open onOpenChange={() => openOverlay(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 animate-fade bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[10vh] z-50 mx-auto max-w-xl animate-enter overflow-hidden rounded-xl border border-line bg-panel shadow-over"
        >
          <Dialog.Title className="sr-only">{t("palette.title")}</Dialog.Title>
          <Cmdk label={t("palette.title")} loop>
            <Cmdk.Input
              autoFocus
              value={search}
              onValueChange={setSearch}
              placeholder={t("palette.placeholder")}
              className="h-12 w-full border-line border-b bg-transparent px-4 text-base outline-none pointer-coarse:text-lg"
            />
            <Cmdk.List label={t("palette.results")} className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
              <Cmdk.Empty className="px-3 py-6 text-muted text-sm">
                {t("palette.nothing", { search })}
              </Cmdk.Empty>
              {groups.map((group) => (
                <CommandGroupItems
                  key={group}
                  heading={t(`palette.groups.${group}`)}
                  commands={commands.filter(
                    (command) => command.group === group && command.id !== "do.palette",
                  )}
                />
              ))}
              <ExecutionItem search={search} />
              <WorkflowItems search={search} />
              {search.trim() !== "" && <TaskItems search={search} />}
            </Cmdk.List>
          </Cmdk>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const headingLooks =
  "**:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-xs **:[[cmdk-group-heading]]:text-faint";
const itemLooks =
  "flex h-9 cursor-pointer select-none items-center gap-2.5 rounded-md px-2 text-sm data-[selected=true]:bg-hover pointer-coarse:h-11";

function CommandGroupItems({ heading, commands }: { heading: string; commands: readonly Command[] }) {
  if (commands.length === 0) return null;
  return (
    <Cmdk.Group heading={heading} className={headingLooks}>
      {commands.map(({ id, label, icon: Icon, keys, words, run }) => (
        <Cmdk.Item
          key={id}
          value={`${label} ${id}`}
          {...(words === undefined ? {} : { keywords: [words] })}
          onSelect={() => closeAnd(run)}
          className={itemLooks}
        >
          {Icon && <Icon aria-hidden className="size-4 text-muted" strokeWidth={1.75} />}
          <span className="flex-1 truncate">{label}</span>
          {keys !== undefined && <KeyHint keys={keys.replace(" ", "+")} />}
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}

/** A pasted execution id leads to its execution. */
function ExecutionItem({ search }: { search: string }) {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const id = search.trim().toLowerCase();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  return (
    <Cmdk.Item
      value={id}
      onSelect={() => closeAnd(() => navigate(paths.execution(id)))}
      className={itemLooks}
    >
      <ListTree aria-hidden className="size-4 text-muted" strokeWidth={1.75} />
      <span className="flex-1 truncate">{t("palette.execution", { id })}</span>
    </Cmdk.Item>
  );
}

function WorkflowItems({ search }: { search: string }) {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const { data } = useWorkflows(useDeferredValue(search.trim()));
  const found = data?.pages.flatMap(({ items }) => items).slice(0, WORKFLOWS_MAX) ?? [];
  if (found.length === 0) return null;
  return (
    <Cmdk.Group heading={t("palette.groups.workflows")} className={headingLooks}>
      {found.map(({ id, name }) => (
        <Cmdk.Item
          key={id}
          value={`${name} ${id}`}
          onSelect={() => closeAnd(() => navigate(paths.workflow(id)))}
          className={itemLooks}
        >
          <Workflow aria-hidden className="size-4 text-muted" strokeWidth={1.75} />
          <span className="flex-1 truncate">{name}</span>
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}

function TaskItems({ search }: { search: string }) {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const { data } = useTasks(useDeferredValue(search.trim()));
  const found = data?.pages.flatMap(({ items }) => items).slice(0, TASKS_MAX) ?? [];
  if (found.length === 0) return null;
  return (
    <Cmdk.Group heading={t("palette.groups.tasks")} className={headingLooks}>
      {found.map(({ id, name }) => (
        <Cmdk.Item
          key={id}
          value={`${name} ${id}`}
          onSelect={() => closeAnd(() => navigate(paths.tasks({ open: id })))}
          className={itemLooks}
        >
          <ListChecks aria-hidden className="size-4 text-muted" strokeWidth={1.75} />
          <span dir="auto" className="flex-1 truncate">
            {name}
          </span>
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}

/** First closed, so that the focus is back before the command moves it. */
function closeAnd(run: () => void): void {
  openOverlay(null);
  setTimeout(run);
}
