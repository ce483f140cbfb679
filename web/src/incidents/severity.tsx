// How bad something is, in colour and word.
import { useTranslation } from "react-i18next";
import { Badge } from "../ui/Badge.tsx";
import type { Tone } from "../ui/Status.tsx";

const tones = {
  critical: "fail",
  high: "fail",
  medium: "wait",
  low: "run",
  warning: "wait",
  info: "run",
} as const satisfies Record<string, Tone>;

export function SeverityBadge({ of }: { of: keyof typeof tones }) {
  const { t } = useTranslation("incidents");
  return <Badge tone={tones[of]}>{t(`severity.${of}`)}</Badge>;
}
