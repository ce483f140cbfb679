// Shows the toasts of toasts.ts. Failures stay until they are closed; the rest leaves by itself.
import { CircleCheck, CircleX, Info, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button.tsx";
import { IconButton } from "./IconButton.tsx";
import { currentToasts, dismissToast, onToastsChange, type Toast } from "./toasts.ts";

const SHOWN_MS = 5_000;
const icons = { ok: CircleCheck, fail: CircleX, quiet: Info };
const colours = { ok: "text-ok", fail: "text-fail", quiet: "text-muted" };

export function Toaster() {
  const { t } = useTranslation("ui");
  const toasts = useSyncExternalStore(onToastsChange, currentToasts);
  return (
    <Radix.Provider label={t("notification")} swipeDirection="down">
      {toasts.map((one) => (
        <OneToast key={one.id} toast={one} />
      ))}
      <Radix.Viewport
        label={t("notifications")}
        className="fixed end-0 bottom-0 z-60 flex w-full max-w-sm flex-col gap-2 p-4 outline-none"
      />
    </Radix.Provider>
  );
}

function OneToast({ toast }: { toast: Toast }) {
  const { t } = useTranslation("ui");
  const Icon = icons[toast.tone];
  return (
    <Radix.Root
      duration={toast.tone === "fail" ? Number.POSITIVE_INFINITY : SHOWN_MS}
      onOpenChange={(open) => !open && dismissToast(toast.id)}
      className="flex animate-enter items-start gap-2 rounded-lg border border-line bg-panel p-3 shadow-over"
    >
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${colours[toast.tone]}`} />
      <div className="min-w-0 flex-1">
        <Radix.Title className="font-medium text-sm">{toast.title}</Radix.Title>
        {toast.detail && (
          <Radix.Description className="mt-0.5 text-muted text-xs">{toast.detail}</Radix.Description>
        )}
        {toast.action && (
          <Radix.Action asChild altText={toast.action.label}>
            <Button size="small" className="mt-2" onClick={toast.action.onAct}>
              {toast.action.label}
            </Button>
          </Radix.Action>
        )}
      </div>
      <Radix.Close asChild>
        <IconButton icon={X} label={t("close")} size="small" className="-me-1 -mt-1" />
      </Radix.Close>
    </Radix.Root>
  );
}
