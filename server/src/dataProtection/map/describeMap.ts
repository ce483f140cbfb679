// Writes the data map into docs/data-protection.md, between its two marks: `node server/src/dataProtection/map/describeMap.ts`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataMapView } from "./dataMap.ts";

export const docsFile = join(import.meta.dirname, "../../../../docs/data-protection.md");
const BEGIN = "<!-- the map begins -->";
const END = "<!-- the map ends -->";

const encryptions = {
  payloadKey: "payload key",
  envelope: "envelope",
  hashOrWrapped: "hash or wrapped key",
  none: "",
};

/** The page with the map as it is now. */
export function withMap(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${docsFile} has lost its marks.`);
  return `${before}${BEGIN}\n\n${describeMap()}\n\n${END}${after}`;
}

function describeMap(): string {
  const { tables } = dataMapView();
  return tables
    .map(({ table, class: name, purpose, keeping, columns }) => {
      const kinds = Map.groupBy(columns, ({ kind, encryption }) =>
        [kind, encryptions[encryption]].filter((word) => word !== "").join(", "),
      );
      const rows = [...kinds].map(
        ([kind, some]) => `| ${kind} | ${some.map(({ column }) => `\`${column}\``).join(" ")} |`,
      );
      const head = `### \`${table}\`\n\n${purpose}. Class: ${name}; kept: ${keeping}.\n\n| holds | columns |\n|---|---|`;
      return `${head}\n${rows.join("\n")}`;
    })
    .join("\n\n");
}

if (import.meta.main) writeFileSync(docsFile, withMap(readFileSync(docsFile, "utf8")));
