// The frame of the app before the first page is there.
import { Skeleton } from "../ui/Skeleton.tsx";

export function PageSkeleton() {
  return (
    <div aria-busy className="grid h-full grid-cols-1 md:grid-cols-[13rem_minmax(0,1fr)]">
      <div className="hidden flex-col gap-3 border-line border-e p-4 md:flex">
        <Skeleton className="mb-2 h-5 w-24" />
        <Skeleton className="h-4 w-28" />
        <Skeleton className="h-4 w-24" />
        <Skeleton className="h-4 w-20" />
      </div>
      <div>
        <div className="flex h-12 items-center border-line border-b px-4">
          <Skeleton className="h-4 w-32" />
        </div>
        <div className="grid gap-3 p-6">
          <Skeleton className="h-8 w-64" />
          <Skeleton className="h-48 w-full rounded-lg" />
        </div>
      </div>
    </div>
  );
}
