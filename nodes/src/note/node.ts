// A note on the canvas, for those who read the workflow. It never runs and takes no wires.
import { defineNode } from "../defineNode.ts";
import { z } from "../schema.ts";

export const noteNode = defineNode({
  type: "note",
  version: 1,
  name: "Note",
  description: "A note for those who read the workflow, in Markdown. It never runs.",
  icon: "sticky-note",
  category: "transform",
  structure: "attachment",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: [],
  rawFields: ["text"],
  schema: z.strictObject({
    text: z.string().max(20_000).describe("What to say, in Markdown. Braces are shown as they are."),
    color: z
      .enum(["yellow", "blue", "green", "red", "gray"])
      .default("yellow")
      .describe("Colour of the note."),
  }),
  example: { text: "## Why twice?\n\nThe bank answers late on Mondays.", color: "blue" },
});
