// Sign-in with an API key, for programs' owners and for the first minutes.
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { signIn } from "../api/session.ts";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { tryKey } from "./tryKey.ts";

export function KeyForm() {
  const { t } = useTranslation("signIn");
  const [key, setKey] = useState("");
  const [isKept, setIsKept] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = key.trim();
    if (given === "") return setError(t("missing"));
    setIsBusy(true);
    setError("");
    try {
      if (await tryKey(given)) return signIn(given, isKept ? "device" : "tab");
      setError(t("wrong"));
    } catch (problem) {
      const { title, remedy } = describeError(problem, t);
      setError(`${title}. ${remedy}`);
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <Field label={t("key")} error={error || undefined}>
        {(ids) => (
          <Input
            {...ids}
            type="password"
            name="key"
            autoComplete="current-password"
            autoFocus
            dir="ltr"
            value={key}
            onChange={(event) => setKey(event.target.value)}
            className="h-10 font-mono"
          />
        )}
      </Field>
      <Checkbox label={t("keep")} help={t("keepHelp")} checked={isKept} onChange={setIsKept} />
      <Button type="submit" tone="primary" busy={isBusy} className="h-10">
        {t("signIn")}
      </Button>
    </form>
  );
}
