// Does something risky; when the server wants a fresh proof first, asks for the password and does it again.
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/apiError.ts";
import { request } from "../api/request.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { PasswordDialog } from "./PasswordDialog.tsx";

type Act = () => Promise<unknown>;

/** The second is the dialog, to be put on the page. */
export function useProof(): [(act: Act) => Promise<void>, ReactNode] {
  const { t } = useTranslation("security");
  const tellFailure = useTellFailure();
  const [waiting, setWaiting] = useState<Act | null>(null);
  const run = async (act: Act) => {
    try {
      await act();
    } catch (error) {
      if (error instanceof ApiError && error.code === "PROOF_NEEDED") setWaiting(() => act);
      else tellFailure(error);
    }
  };
  const dialog = waiting !== null && (
    <PasswordDialog
      title={t("proof.title")}
      text={t("proof.text")}
      action={t("proof.action")}
      onClose={() => setWaiting(null)}
      onPassword={async (password) => {
        await request("post /api/v1/auth/proof", { body: { password } });
        setWaiting(null);
        await run(waiting);
      }}
    />
  );
  return [run, dialog];
}
