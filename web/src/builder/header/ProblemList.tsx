// What is wrong with the workflow. A click leads to the node and the field.

import type { Problem } from "@auraos/kernel";
import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { Popover } from "../../ui/Popover.tsx";
import { useShowNode } from "../canvas/useShowNode.ts";
import { findNode, nameOf } from "../graph/graph.ts";
import { useBuilder, useGraph, useProblems } from "../state/BuilderContext.tsx";

export function ProblemList() {
  const { t } = useTranslation("builder");
  const problems = useProblems();
  const graph = useGraph();
  const builder = useBuilder();
  const showNode = useShowNode();
  const [isOpen, setIsOpen] = useState(false);
  if (problems.length === 0) return null;

  const jump = (problem: Problem) => {
    setIsOpen(false);
    const node = problem.node ?? nodeAt(problem.path);
    if (node === undefined || !findNode(graph, node)) return;
    builder.open(node, tabOf(problem));
    if (problem.field !== undefined)
      builder.set({
        focus: {
          node,
          field: problem.field,
          ...(problem.position === undefined ? {} : { position: problem.position }),
        },
      });
    showNode(node);
  };

  function nodeAt(path: string): string | undefined {
    const [, list, index] = path.split("/");
    if (list === "nodes") return graph.nodes[Number(index)]?.id;
    return list === "connections" ? graph.connections[Number(index)]?.to : undefined;
  }

  return (
    <Popover
      label={t("problems.title")}
      align="end"
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <Button tone="quiet" className="max-sm:px-2">
          <CircleAlert aria-hidden className="size-4 text-fail" />
          <span className="text-fail max-md:sr-only">{t("problems.count", { count: problems.length })}</span>
          <span aria-hidden className="md:hidden">
            {problems.length}
          </span>
        </Button>
      }
    >
      <ul className="-m-1 grid gap-0.5">
        {problems.map((problem) => {
          const node = problem.node === undefined ? undefined : findNode(graph, problem.node);
          return (
            <li key={`${problem.path} ${problem.code} ${problem.message}`}>
              <button
                type="button"
                onClick={() => jump(problem)}
                className="w-full rounded-md px-2 py-1.5 text-start hover:bg-hover"
              >
                <span className="block text-2xs text-muted">
                  {[node ? nameOf(node) : "", problem.field ?? ""].filter(Boolean).join(" · ")}
                </span>
                <span className="block text-sm">{problem.message}</span>
                <span className="block text-muted text-xs">{problem.remedy}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </Popover>
  );
}

function tabOf({ path }: Problem): "settings" | "onError" {
  return path.includes("/errorHandling") || path.endsWith("/join") ? "onError" : "settings";
}
