// What is searched for: asked once the person has stopped typing for a moment, because each question reads many rows.
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { SearchInput } from "../../ui/SearchInput.tsx";

const PAUSE_MS = 250;

export function SearchFilter({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useTranslation("executions");
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  // Nothing is asked for a page that is no longer shown.
  useEffect(() => () => clearTimeout(timer.current), []);

  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setTyped(null);
      onChange(text);
    }, PAUSE_MS);
  };
  return (
    <SearchInput
      label={t("filter.search")}
      value={typed ?? value}
      onChange={type}
      className="w-full sm:w-64"
    />
  );
}
