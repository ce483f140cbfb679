// The layout of the page before its numbers are there.
import { useTranslation } from "react-i18next";
import { Skeleton } from "../ui/Skeleton.tsx";

export function HomeSkeleton() {
  const { t } = useTranslation("home");
  return (
    <div role="status" aria-label={t("loading")} className="grid grid-cols-1 gap-4">
      <div className="flex items-start gap-3">
        <Skeleton className="size-10 shrink-0 rounded-lg max-sm:hidden" />
        <div className="grid w-full grid-cols-1 gap-2">
          <Skeleton className="h-6 w-80 max-w-full" />
          <Skeleton className="h-4 w-96 max-w-full" />
        </div>
      </div>
      <div className="grid grid-cols-2 gap-2 md:gap-3 lg:grid-cols-3">
        {["a", "b", "c"].map((key) => (
          <Skeleton key={key} className="h-24 rounded-lg last:max-lg:col-span-2 md:h-40" />
        ))}
      </div>
      <div className="grid gap-3 lg:grid-cols-[3fr_2fr]">
        <Skeleton className="h-48 rounded-lg" />
        <Skeleton className="h-48 rounded-lg" />
      </div>
    </div>
  );
}
