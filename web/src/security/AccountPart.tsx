// The account itself: the name others see, and its end.
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeopleAction } from "../api/account.ts";
import { request } from "../api/request.ts";
import { signOut } from "../api/session.ts";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { Input } from "../ui/Input.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { Row, Section } from "./Section.tsx";
import { useProof } from "./useProof.tsx";

export function AccountPart({ name: current }: { name: string }) {
  const { t } = useTranslation("security");
  const tellFailure = useTellFailure();
  const [run, proof] = useProof();
  const [name, setName] = useState(current);
  const rename = usePeopleAction(
    () => request("put /api/v1/account", { body: { name: name.trim() } }),
    ["me", "members"],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "" || name.trim() === current) return;
    rename.mutate(undefined, {
      onSuccess: () => toast.success(t("account.renamed")),
      onError: tellFailure,
    });
  };
  const askToDelete = async () => {
    const question = { title: t("account.deleteTitle"), description: t("account.deleteText") };
    if (!(await confirm({ ...question, action: t("account.delete"), danger: true }))) return;
    await run(async () => {
      await request("delete /api/v1/account");
      signOut("asked");
    });
  };
  return (
    <Section title={t("account.title")}>
      <form onSubmit={submit} className="flex flex-wrap items-center gap-2 px-4 py-3">
        <Input
          aria-label={t("account.name")}
          dir="auto"
          className="max-w-xs flex-1"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" busy={rename.isPending}>
          {t("account.rename")}
        </Button>
      </form>
      <Row title={t("account.end")} text={t("account.endText")}>
        <Button onClick={() => void askToDelete()}>{t("account.delete")}</Button>
      </Row>
      {proof}
    </Section>
  );
}
