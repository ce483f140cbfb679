// What the browser finds wrong with a control when its form is sent, for a message in the language of the app.

export type Shortcoming = {
  kind: "missing" | "email" | "address" | "short" | "long" | "low" | "high" | "step" | "form";
  values: { count?: number; limit?: string };
};

/** Null for what is no control, or is right. */
export function shortcomingOf(target: EventTarget): Shortcoming | null {
  if (!isControl(target)) return null;
  const { validity } = target;
  const limits = target instanceof HTMLSelectElement ? null : target;
  const limit = (name: "min" | "max") => ({ limit: target.getAttribute(name) ?? "" });
  if (validity.valueMissing) return { kind: "missing", values: {} };
  if (validity.typeMismatch) return { kind: target.type === "email" ? "email" : "address", values: {} };
  if (validity.tooShort) return { kind: "short", values: { count: limits?.minLength ?? 0 } };
  if (validity.tooLong) return { kind: "long", values: { count: limits?.maxLength ?? 0 } };
  if (validity.rangeUnderflow) return { kind: "low", values: limit("min") };
  if (validity.rangeOverflow) return { kind: "high", values: limit("max") };
  if (validity.stepMismatch) return { kind: "step", values: {} };
  return validity.valid ? null : { kind: "form", values: {} };
}

/** As the browser does for what it reports itself: the first control that is wrong gets the focus. */
export function takeToFirst(target: EventTarget): void {
  if (!isControl(target)) return;
  const first = [...(target.form?.elements ?? [])].find((one) => isControl(one) && !one.validity.valid);
  if (first === target || first === undefined) target.focus();
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function isControl(target: unknown): target is Control {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  );
}
