// Where this account is signed in, and the way to end it there or everywhere.
import { LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type SessionRow, usePeopleAction, useSessions } from "../api/account.ts";
import { request } from "../api/request.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { Row, Section } from "./Section.tsx";

export function SessionList() {
  const { t } = useTranslation("security");
  const tellFailure = useTellFailure();
  const { data: sessions = [] } = useSessions();
  const end = usePeopleAction(
    (id: string) => request("delete /api/v1/account/sessions/:id", { params: { id } }),
    ["sessions"],
  );
  const endOthers = usePeopleAction(() => request("delete /api/v1/account/sessions"), ["sessions"]);
  return (
    <Section
      title={t("sessions.title")}
      action={
        sessions.length > 1 && (
          <Button
            busy={endOthers.isPending}
            onClick={() =>
              endOthers.mutate(undefined, {
                onSuccess: () => toast.success(t("sessions.othersEnded")),
                onError: tellFailure,
              })
            }
          >
            <LogOut aria-hidden className="size-4 rtl:-scale-x-100" />
            {t("sessions.endOthers")}
          </Button>
        )
      }
    >
      {sessions.map((session) => (
        <Row key={session.id} title={<Title session={session} />} text={<About session={session} />}>
          {!session.current && (
            <Button size="small" onClick={() => end.mutate(session.id, { onError: tellFailure })}>
              {t("sessions.end")}
            </Button>
          )}
        </Row>
      ))}
    </Section>
  );
}

function Title({ session }: { session: SessionRow }) {
  const { t } = useTranslation("security");
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <span dir="auto">{deviceOf(session.userAgent) ?? t("sessions.program")}</span>
      {session.current && <Badge>{t("sessions.here")}</Badge>}
    </span>
  );
}

function About({ session }: { session: SessionRow }) {
  const { t } = useTranslation("security");
  return (
    <span className="flex flex-wrap gap-x-2">
      <span>{t(`sessions.methods.${session.method}`, { defaultValue: session.method })}</span>
      {session.address !== undefined && <code dir="ltr">{session.address}</code>}
      <span>
        {t("sessions.since")} <RelativeTime at={session.createdAt} />
      </span>
    </span>
  );
}

/** Enough to recognise one's own device; names of browsers and systems are the same in every language. */
function deviceOf(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined) return undefined;
  const browser = ["Edg", "Firefox", "Chrome", "Safari"].find((name) => userAgent.includes(`${name}/`));
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((name) =>
    userAgent.includes(name),
  );
  if (browser === undefined) return undefined;
  return [browser === "Edg" ? "Edge" : browser, system].filter(Boolean).join(" · ");
}
