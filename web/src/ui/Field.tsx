// A labelled control with its help and its error, tied together for those who hear the page. The child is given the
// ids; what is wrong is said at the field. That holds for what the browser finds too when a form is sent: its own bubble
// would speak the browser's language, not the app's.
import { CircleAlert } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "./classes.ts";
import { type Shortcoming, shortcomingOf, takeToFirst } from "./shortcoming.ts";

export type FieldIds = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
};

type FieldProps = {
  label: ReactNode;
  help?: ReactNode;
  error?: ReactNode;
  /** Beside the label, such as "optional". */
  aside?: ReactNode;
  /** Spoken and not shown, where the place says what it is. */
  isLabelHidden?: boolean;
  className?: string;
  children: (ids: FieldIds) => ReactNode;
};

export function Field(props: FieldProps) {
  const { label, help, error: ownError, aside, isLabelHidden = false, className, children } = props;
  const { t } = useTranslation("ui");
  const [found, setFound] = useState<Shortcoming | null>(null);
  const error = ownError || (found && t(`field.${found.kind}`, found.values));
  const id = useId();
  const helpId = `${id}-help`;
  const errorId = `${id}-error`;
  const described = [help ? helpId : "", error ? errorId : ""].filter(Boolean).join(" ");
  return (
    <div
      className={classes("grid gap-1", className)}
      onInvalidCapture={(event) => {
        event.preventDefault();
        setFound(shortcomingOf(event.target));
        takeToFirst(event.target);
      }}
      onInput={() => setFound(null)}
    >
      <div className={isLabelHidden ? "sr-only" : "flex items-baseline justify-between gap-2"}>
        <label htmlFor={id} className="font-medium text-xs">
          {label}
        </label>
        {aside && <span className="text-faint text-xs">{aside}</span>}
      </div>
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": error ? true : undefined,
      })}
      {help && (
        <p id={helpId} dir="auto" className="text-muted text-xs rtl:text-right">
          {help}
        </p>
      )}
      {error && (
        <p id={errorId} className="flex items-start gap-1 text-fail text-xs">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {error}
        </p>
      )}
    </div>
  );
}
