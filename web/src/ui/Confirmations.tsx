// Shows the question of confirmations.ts. The focus begins on the harmless button.
import { AlertDialog } from "radix-ui";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button.tsx";
import { onQuestionChange, openQuestion } from "./confirmations.ts";

export function Confirmations() {
  const { t } = useTranslation("ui");
  const question = useSyncExternalStore(onQuestionChange, openQuestion);
  return (
    <AlertDialog.Root open={question !== null} onOpenChange={(open) => !open && question?.answer(false)}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-50 animate-fade bg-scrim" />
        {question && (
          <AlertDialog.Content
            {...(question.description ? {} : { "aria-describedby": undefined })}
            className="fixed inset-x-4 top-[20vh] z-50 mx-auto max-w-md animate-enter rounded-xl border border-line bg-panel p-4 shadow-over"
          >
            <AlertDialog.Title className="font-semibold text-lg">{question.title}</AlertDialog.Title>
            {question.description && (
              <AlertDialog.Description className="mt-1 text-muted text-sm">
                {question.description}
              </AlertDialog.Description>
            )}
            <div className="mt-5 flex flex-wrap justify-end gap-2">
              <AlertDialog.Cancel asChild>
                <Button>{t("cancel")}</Button>
              </AlertDialog.Cancel>
              <Button tone={question.danger ? "danger" : "primary"} onClick={() => question.answer(true)}>
                {question.action}
              </Button>
            </div>
          </AlertDialog.Content>
        )}
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
