// Says that the page no longer hears the server, and that it will catch up by itself. Only after a moment: a short gap
// concerns nobody.
import { CloudOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useConnection } from "../live/liveConnection.ts";

const PATIENCE_MS = 2_000;

export function ConnectionBanner() {
  const { t } = useTranslation("shell");
  const isLost = useConnection() === "lost";
  const [isLong, setIsLong] = useState(false);

  // Time passes outside of React.
  useEffect(() => {
    if (!isLost) return;
    const timer = setTimeout(() => setIsLong(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setIsLong(false);
    };
  }, [isLost]);

  return (
    <div role="status">
      {isLost && isLong && (
        <p className="flex items-center gap-2 bg-wait-soft px-4 py-1.5 text-wait text-xs">
          <CloudOff aria-hidden className="size-4 shrink-0" />
          {t("live.lost")}
        </p>
      )}
    </div>
  );
}
