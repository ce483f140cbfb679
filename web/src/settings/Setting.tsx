// One line of the settings: what it is, and the control at the end.
import type { ReactNode } from "react";

type SettingProps = { label: string; help?: ReactNode; children: ReactNode };

export function Setting({ label, help, children }: SettingProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0">
        <div className="font-medium">{label}</div>
        {help && <p className="max-w-prose text-muted text-xs">{help}</p>}
      </div>
      {children}
    </div>
  );
}
