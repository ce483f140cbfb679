// Says in a toast what the server refused and what to do about it.
import { useTranslation } from "react-i18next";
import { describeError } from "./describeError.ts";
import { toast } from "./toasts.ts";

export function useTellFailure(): (error: unknown) => void {
  const { t } = useTranslation("ui");
  return (error) => {
    const { title, remedy, problems } = describeError(error, t);
    const detail = [...problems.slice(0, 3).map(({ message }) => message), remedy].filter(Boolean).join(" ");
    toast.failure(title, detail === "" ? {} : { detail });
  };
}
