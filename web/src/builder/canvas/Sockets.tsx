// Where wires end and begin. A port without a wire shows a plus: press it for the next node, or pull a wire from it.
import { Handle, Position } from "@xyflow/react";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { classes } from "../../ui/classes.ts";
import { usePalette } from "../palette/usePalette.ts";
import type { Hook, Socket } from "./flow.ts";

export function Inputs({ inputs }: { inputs: readonly Socket[] }) {
  return inputs.map(({ name, y }) => (
    <span key={name} className="contents">
      <Handle type="target" id={name} position={Position.Left} style={{ top: y }} className="socket" />
      {inputs.length > 1 && <SocketName name={name} y={y} side="in" />}
    </span>
  ));
}

export function Ports({ node, ports }: { node: string; ports: readonly Socket[] }) {
  return ports.map(({ name, y, isFree }) => (
    <span key={name} className="contents">
      <Handle type="source" id={name} position={Position.Right} style={{ top: y }} className="socket" />
      {isFree && ports.length > 1 && <SocketName name={name} y={y} side="out" />}
      {isFree && <NextButton node={node} port={name} y={y} isWide={ports.length > 1} />}
    </span>
  ));
}

/** Where models, memories and tools hang on. The name is always there: what hangs below says what it is, not what for. */
export function Hooks({ node, hooks, height }: { node: string; hooks: readonly Hook[]; height: number }) {
  const { t } = useTranslation("builder");
  const { openAttach } = usePalette();
  return hooks.map(({ name, x, isFree }) => (
    <span key={name} className="contents">
      <Handle
        type="target"
        id={name}
        position={Position.Bottom}
        style={{ left: x }}
        className="socket socket-hook"
      />
      <span
        style={{ left: x, top: height + 8 }}
        className="absolute flex -translate-x-1/2 items-center gap-1 whitespace-nowrap rounded-full bg-bg px-1 text-2xs text-muted"
      >
        {t(`attach.${name}`, { defaultValue: name })}
        {isFree && (
          <button
            type="button"
            tabIndex={-1}
            aria-label={t("attach.add", { name: t(`attach.${name}`, { defaultValue: name }) })}
            onClick={(event) => {
              event.stopPropagation();
              openAttach(node, name);
            }}
            className="nodrag nopan pointer-events-auto grid size-4 place-items-center rounded-sm border border-line-strong bg-panel text-muted hover:border-accent hover:text-accent-text pointer-coarse:size-7"
          >
            <Plus aria-hidden className="size-3" />
          </button>
        )}
      </span>
    </span>
  ));
}

/** The end of the line that leads up to the node this one configures. */
export function HangingPort({ name }: { name: string }) {
  return <Handle type="source" id={name} position={Position.Top} className="socket socket-hook" />;
}

function SocketName({ name, y, side }: { name: string; y: number; side: "in" | "out" }) {
  return (
    <span
      aria-hidden
      style={{ top: y - 17 }}
      className={classes(
        "pointer-events-none absolute whitespace-nowrap text-2xs text-muted",
        side === "in" ? "right-full me-2" : "left-full ms-2",
      )}
    >
      {name}
    </span>
  );
}

type NextProps = { node: string; port: string; y: number; isWide: boolean };

function NextButton({ node, port, y, isWide }: NextProps) {
  const { t } = useTranslation("builder");
  const { openAfter } = usePalette();
  return (
    <span
      style={{ top: y }}
      className="next-node pointer-events-none absolute left-full flex -translate-y-1/2 items-center"
    >
      <span
        aria-hidden
        style={{ width: isWide ? Math.max(44, port.length * 6.2 + 16) : 24 }}
        className="pointer-events-none h-px bg-line-strong"
      />
      <button
        type="button"
        tabIndex={-1}
        aria-label={t("canvas.addAfter", { port })}
        onClick={(event) => {
          event.stopPropagation();
          openAfter(node, port);
        }}
        className="nodrag nopan pointer-events-auto grid size-5 place-items-center rounded-md border border-line-strong bg-panel text-muted hover:border-accent hover:text-accent-text pointer-coarse:size-8"
      >
        <Plus aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}
