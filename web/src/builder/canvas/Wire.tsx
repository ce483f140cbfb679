// A wire: grey as drawn, coloured and counted where the last run let items through.
import { BaseEdge, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import { useFormat } from "../../i18n/useFormat.ts";
import type { WireEdge } from "./flow.ts";

export const Wire = memo(function Wire(props: EdgeProps<WireEdge>) {
  const { id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, selected } = props;
  const format = useFormat();
  const [path] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition });
  const count = data?.count;
  const words = [data?.label, count === undefined ? "" : format.number(count)].filter(Boolean).join("  ");
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={18}
        className={
          data?.isAttachment
            ? `wire wire-attached ${selected ? "wire-selected" : ""}`
            : selected
              ? "wire wire-selected"
              : data?.isTaken
                ? "wire wire-taken"
                : "wire"
        }
      />
      {words !== "" && (
        <text x={sourceX + 8} y={sourceY - 6} className="wire-label">
          {words}
        </text>
      )}
    </>
  );
});
