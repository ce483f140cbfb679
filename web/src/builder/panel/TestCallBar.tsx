// Tries a webhook or a form of the draft out: listens at an address for one call, and shows the call that came.
import { Radio } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNewestTest } from "../../api/executions.ts";
import { Button } from "../../ui/Button.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { toast } from "../../ui/toasts.ts";
import type { NodeDefinition } from "../graph/graph.ts";
import { type Listening, useRun } from "../run/useRun.ts";
import { useBuilder, useBuilderState } from "../state/BuilderContext.tsx";

export function hasTestAddress(type: string): boolean {
  return type === "trigger.webhook" || type === "trigger.form";
}

export function TestCallBar({ node }: { node: NodeDefinition }) {
  const { t } = useTranslation("builder");
  const run = useRun();
  const [listening, setListening] = useState<Listening | null>(null);
  const [isOpening, setIsOpening] = useState(false);
  const listen = async () => {
    setIsOpening(true);
    setListening((await run.listen(node.id)) ?? null);
    setIsOpening(false);
  };
  return (
    <div className="grid gap-2 px-4 pt-2.5">
      <div>
        <Button size="small" busy={isOpening} onClick={() => void listen()}>
          <Radio aria-hidden className="size-3.5" />
          {t(listening ? "run.listenAgain" : "run.listen")}
        </Button>
      </div>
      {listening && <Address node={node} listening={listening} onCame={() => setListening(null)} />}
    </div>
  );
}

type AddressProps = { node: NodeDefinition; listening: Listening; onCame(): void };

function Address({ node, listening, onCame }: AddressProps) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const workflow = useBuilderState((state) => state.workflowId);
  const { data } = useNewestTest(workflow);
  const { url, methods, expiresAt, newestBefore } = listening;
  const cameId = data && data.id !== newestBefore && data.trigger === node.id ? data.id : undefined;
  const show = useEffectEvent((id: string) => {
    builder.set({ executionId: id, tab: "lastRun" });
    toast.success(t("run.callCame"));
    onCame();
  });
  // What came is news from outside of React.
  useEffect(() => {
    if (cameId !== undefined) show(cameId);
  }, [cameId]);
  const isForm = node.type === "trigger.form";
  return (
    <div role="status" className="grid gap-1.5 rounded-md border border-line bg-sunken p-2 text-xs">
      <p className="text-muted">
        {t(isForm ? "run.listensForm" : "run.listens", { methods: methods.join(", ") })}{" "}
        <RelativeTime at={expiresAt} />
      </p>
      <div className="flex min-w-0 items-center gap-1">
        {isForm ? (
          <a
            href={url}
            target="_blank"
            rel="noreferrer"
            dir="ltr"
            className="min-w-0 flex-1 truncate font-mono underline underline-offset-2"
          >
            {url}
          </a>
        ) : (
          <code dir="ltr" className="min-w-0 flex-1 truncate font-mono">
            {url}
          </code>
        )}
        <CopyButton text={url} label={t("run.copyAddress")} />
      </div>
    </div>
  );
}
