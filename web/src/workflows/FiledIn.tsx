// Where a workflow is kept, in one line below its name: the folder, and of its tags the first ones.
import { Folder } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../i18n/useFormat.ts";
import { Badge } from "../ui/Badge.tsx";
import { useWidthStep } from "../ui/useMediaQuery.ts";

export function FiledIn({ folder, tags }: { folder: string; tags: readonly string[] }) {
  const { t } = useTranslation("workflows");
  const format = useFormat();
  const shown = tags.slice(0, useWidthStep() === "phone" ? 1 : 2);
  const others = tags.slice(shown.length);
  return (
    <>
      {folder !== "" && (
        <span className="flex min-w-0 max-w-[50%] shrink-0 items-center gap-1">
          <Folder aria-hidden className="size-3 shrink-0" />
          {/* In its own direction, for what is cut off is its end then. */}
          <span dir="auto" title={folder} className="truncate">
            {folder.replaceAll("/", " / ")}
          </span>
        </span>
      )}
      {shown.map((tag) => (
        <Badge key={tag}>
          <span dir="auto" className="max-w-24 truncate">
            {tag}
          </span>
        </Badge>
      ))}
      {others.length > 0 && (
        <span
          role="img"
          aria-label={t("filing.moreTags", { number: format.number(others.length), tags: others.join(", ") })}
          title={others.join(", ")}
          className="relative z-1 shrink-0 text-2xs"
        >
          {t("filing.more", { number: format.number(others.length) })}
        </span>
      )}
    </>
  );
}
