// The example of the first minute: needs no service and no key, shows a branch, a loop and a person, and asks the
// person at once. Its words are those of the person's language.
import type { TFunction } from "i18next";

export const exampleInput = {
  expenses: [
    { who: "Ada", what: "train", amount: 48.9 },
    { who: "Björn", what: "laptop", amount: 1890 },
    { who: "Chloé", what: "books", amount: 100 },
  ],
};

export function exampleWorkflow(t: TFunction<"home">) {
  const at = (x: number, y: number) => ({ position: { x, y } });
  return {
    name: t("example.name"),
    description: t("example.description"),
    nodes: [
      { id: "start", type: "trigger.manual", name: t("example.start"), config: {}, ...at(0, 80) },
      {
        id: "each",
        type: "foreach",
        name: t("example.each"),
        config: { items: "{{ $json.expenses }}", concurrency: 10 },
        ...at(240, 80),
      },
      {
        id: "large",
        type: "if",
        name: t("example.large"),
        parent: "each",
        config: { condition: "{{ $json.amount > 100 }}" },
        ...at(300, 80),
      },
      {
        id: "ask",
        type: "approval",
        name: t("example.ask"),
        parent: "each",
        config: {
          title: template(t("example.question")),
          form: { type: "object", properties: { note: { type: "string", title: t("example.note") } } },
        },
        ...at(540, 20),
      },
      {
        id: "paid",
        type: "set",
        name: t("example.paid"),
        parent: "each",
        config: { fields: { status: t("example.paid") } },
        ...at(780, 80),
      },
      { id: "all", type: "aggregate", name: t("example.all"), config: { into: "expenses" }, ...at(1060, 80) },
    ],
    connections: [
      { from: "start", to: "each" },
      { from: "large", port: "true", to: "ask" },
      { from: "large", port: "false", to: "paid" },
      { from: "ask", port: "approved", to: "paid" },
      { from: "each", port: "done", to: "all" },
    ],
  };
}

/** Words of a catalogue cannot hold `{{ }}`, which is what it fills in itself. */
function template(text: string): string {
  return text.replace(/\$\((\w+)\)/g, "{{ $json.$1 }}");
}
