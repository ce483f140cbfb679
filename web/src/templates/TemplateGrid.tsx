// Workflows to start from, as cards.
import {
  ArrowLeftRight,
  BadgeCheck,
  BellRing,
  CloudSun,
  FileStack,
  GitFork,
  LifeBuoy,
  type LucideIcon,
  Mail,
  MessageSquare,
  PackageCheck,
  ReceiptText,
  Repeat,
  UserX,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { type TemplateId, templates } from "./templates.ts";

const icons: Readonly<Record<TemplateId, LucideIcon>> = {
  "approval-with-timeout": BadgeCheck,
  "weekly-report": CloudSun,
  "support-triage": LifeBuoy,
  "order-fulfilment": PackageCheck,
  "fan-out-join": GitFork,
  invoice: ReceiptText,
  "deploy-message": MessageSquare,
  "sales-mail": Mail,
  "contact-sync": ArrowLeftRight,
  "notify-many": BellRing,
  "paged-harvest": FileStack,
  "nested-loops": Repeat,
  "privacy-clean-up": UserX,
};

type TemplateGridProps = {
  onChoose(id: TemplateId): void;
  /** The one that is being made. */
  busy?: TemplateId | undefined;
  /** The first ones only. */
  most?: number;
};

export function TemplateGrid({ onChoose, busy, most = templates.length }: TemplateGridProps) {
  const { t } = useTranslation("templates");
  return (
    <ul className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
      {templates.slice(0, most).map((id) => {
        const Icon = icons[id];
        return (
          <li key={id} className="flex">
            <button
              type="button"
              disabled={busy !== undefined}
              aria-busy={busy === id}
              onClick={() => onChoose(id)}
              className="flex w-full items-start gap-3 rounded-lg border border-line-strong bg-panel p-3 text-start hover:border-accent hover:bg-accent-soft disabled:opacity-60"
            >
              <span className="rounded-md bg-accent-soft p-2 text-accent">
                <Icon aria-hidden className="size-4" />
              </span>
              <span className="min-w-0">
                <span className="block font-medium">{t(`names.${id}`)}</span>
                <span className="mt-0.5 block text-muted text-xs">{t(`texts.${id}`)}</span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
