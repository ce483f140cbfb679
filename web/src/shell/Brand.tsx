// The mark and the name.
import { useTranslation } from "react-i18next";

export function Brand() {
  const { t } = useTranslation("shell");
  return (
    <span className="flex items-center gap-2 font-semibold text-base">
      <svg aria-hidden="true" viewBox="0 0 32 32" className="size-5">
        <circle cx="16" cy="16" r="14" className="fill-accent" />
        <path
          d="M9 20.5c2.6 0 3.2-9 7-9s4.4 9 7 9"
          fill="none"
          className="stroke-on-accent"
          strokeWidth="2.6"
          strokeLinecap="round"
        />
        <circle cx="16" cy="11.5" r="2.4" className="fill-on-accent" />
      </svg>
      {t("name")}
    </span>
  );
}
