// Copies a text and says so, by its icon and to those who listen.
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./IconButton.tsx";
import { toast } from "./toasts.ts";

const SHOWN_MS = 1_500;

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation("ui");
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
      setTimeout(() => setIsCopied(false), SHOWN_MS);
    } catch {
      // Browsers forbid it outside of https and localhost.
      toast.failure(t("copyFailed"));
    }
  };
  return (
    <IconButton
      icon={isCopied ? Check : Copy}
      label={isCopied ? t("copied") : (label ?? t("copy"))}
      size="small"
      onClick={copy}
    />
  );
}
