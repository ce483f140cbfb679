// A search field: a lens, the text, and a cross as soon as there is something to clear. Escape clears too.
import { Search, X } from "lucide-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "./classes.ts";
import { IconButton } from "./IconButton.tsx";
import { Input } from "./Input.tsx";

type SearchInputProps = Omit<ComponentProps<"input">, "onChange" | "value"> & {
  label: string;
  value: string;
  onChange(value: string): void;
};

export function SearchInput({ label, value, onChange, className, ...rest }: SearchInputProps) {
  const { t } = useTranslation("ui");
  return (
    <div className={classes("relative", className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute start-2.5 top-1/2 size-4 -translate-y-1/2 text-faint"
      />
      <Input
        {...rest}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.stopPropagation();
          onChange("");
        }}
        className="ps-8 pe-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {value !== "" && (
        <IconButton
          icon={X}
          label={t("clear")}
          size="small"
          onClick={() => onChange("")}
          className="absolute end-0.5 top-1/2 -translate-y-1/2"
        />
      )}
    </div>
  );
}
