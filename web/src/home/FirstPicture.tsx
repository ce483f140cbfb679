// What a workflow looks like, for who has never seen one: something starts it, it decides, it reaches the world. A picture
// without words, so it needs no language; it runs the other way where people read the other way.
import { CheckCircle2, GitFork, type LucideIcon, Mail, Sparkles, Webhook } from "lucide-react";
import { classes } from "../ui/classes.ts";

type Step = { icon: LucideIcon; tint: string; x: number; y: number; isDone: boolean };

const WIDTH = 112;
const HEIGHT = 44;
const steps: readonly Step[] = [
  { icon: Webhook, tint: "bg-accent-soft text-accent-text", x: 0, y: 68, isDone: true },
  { icon: GitFork, tint: "bg-kind-flow/12 text-kind-flow", x: 148, y: 68, isDone: true },
  { icon: Sparkles, tint: "bg-kind-ai/12 text-kind-ai", x: 296, y: 16, isDone: true },
  { icon: Mail, tint: "bg-kind-action/12 text-kind-action", x: 296, y: 120, isDone: false },
];
const wires = [
  { d: "M112 90 H148", isTaken: true },
  { d: "M260 90 C280 90 276 38 296 38", isTaken: true },
  { d: "M260 90 C280 90 276 142 296 142", isTaken: false },
];

export function FirstPicture() {
  return (
    <div
      aria-hidden
      className="relative mx-auto h-[180px] w-[408px] max-w-none shrink-0 rtl:-scale-x-100"
      dir="ltr"
    >
      <svg aria-hidden viewBox="0 0 408 180" className="absolute inset-0 fill-none" strokeWidth={1.75}>
        {wires.map(({ d, isTaken }) => (
          <path key={d} d={d} className={isTaken ? "stroke-ok-fill" : "stroke-line-strong"} />
        ))}
      </svg>
      {steps.map(({ icon: Icon, tint, x, y, isDone }, index) => (
        <div
          key={y + x}
          style={{ insetInlineStart: x, top: y, width: WIDTH, height: HEIGHT }}
          className={classes(
            "absolute flex items-center gap-2 rounded-lg border border-line-strong bg-panel px-2 shadow-panel",
            index === 0 && "border-s-3 border-s-accent",
          )}
        >
          <span
            className={classes("grid size-7 shrink-0 place-items-center rounded-md rtl:-scale-x-100", tint)}
          >
            <Icon className="size-4" strokeWidth={1.75} />
          </span>
          <span className="grid flex-1 gap-1.5">
            <span className="h-1.5 w-full rounded-full bg-line-strong" />
            <span className="h-1.5 w-2/3 rounded-full bg-line" />
          </span>
          {isDone && (
            <CheckCircle2 className="absolute -end-1.5 -top-1.5 size-4 rounded-full bg-panel text-ok rtl:-scale-x-100" />
          )}
        </div>
      ))}
    </div>
  );
}
