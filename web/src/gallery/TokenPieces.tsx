// The design tokens: surfaces, texts, the accent, the four statuses, the kinds of nodes, type sizes.
import { useTranslation } from "react-i18next";
import { classes } from "../ui/classes.ts";
import { type Tone, toneLooks } from "../ui/Status.tsx";
import { Piece, Pieces } from "./Piece.tsx";

const surfaces = ["bg-bg", "bg-panel", "bg-sunken", "bg-hover", "bg-accent-soft"];
const texts = ["text-text", "text-muted", "text-faint", "text-accent-text"];
const kinds = [
  "bg-kind-action/12 text-kind-action",
  "bg-kind-flow/12 text-kind-flow",
  "bg-kind-ai/12 text-kind-ai",
];
const sizes = ["text-2xs", "text-xs", "text-sm", "text-base", "text-lg", "text-xl", "text-2xl"];

export function TokenPieces() {
  const { t } = useTranslation("gallery");
  return (
    <Pieces title={t("tokens")}>
      <Piece name="surfaces">
        {surfaces.map((name) => (
          <span
            key={name}
            className={classes(name, "rounded-md border border-line px-3 py-2 font-mono text-xs")}
          >
            {name}
          </span>
        ))}
      </Piece>
      <Piece name="texts">
        {texts.map((name) => (
          <span key={name} className={name}>
            {name}
          </span>
        ))}
      </Piece>
      <Piece name="tones">
        {(Object.keys(toneLooks) as Tone[]).map((tone) => (
          <span key={tone} className={classes(toneLooks[tone], "rounded-md px-3 py-2 font-medium")}>
            {tone}
          </span>
        ))}
      </Piece>
      <Piece name="kinds">
        {kinds.map((name) => (
          <span key={name} className={classes(name, "rounded-md px-3 py-2 font-mono text-xs")}>
            {name}
          </span>
        ))}
      </Piece>
      <Piece name="sizes">
        {sizes.map((name) => (
          <span key={name} className={name}>
            {t("sample")}
          </span>
        ))}
      </Piece>
    </Pieces>
  );
}
