// Changes amounts of money into another currency, at the rates of a service.
import type { Kit } from "@auraos/nodes/kit.ts";

export default ({
  defineNode,
  nodeErrors,
  ActivityError,
  readConfig,
  getPath,
  withField,
  wrongData,
  z,
}: Kit) => {
  const schema = z.strictObject({
    service: z.string().min(1).describe("Address of the service; it answers {rates: {USD: 1.1, ...}}."),
    field: z.string().min(1).describe("Field with the amount."),
    from: z.string().length(3).describe("Currency of the amount."),
    to: z.string().length(3).describe("Currency to change it into."),
    into: z.string().min(1).default("changed").describe("Field for the result."),
  });
  return defineNode({
    type: "acme.exchange",
    version: 1,
    name: "Exchange",
    description: "Changes an amount of each item into another currency, at the rate of today.",
    icon: "coins",
    category: "action",
    effect: "read",
    per: "item",
    errors: nodeErrors(
      [
        "DATA_INVALID",
        {
          "RATES_<status>": {
            meaning: "The service of rates answered with this status.",
            remedy: "Look at the address of the service, or try again later.",
            retryable: "sometimes",
          },
        },
      ],
      "outbound",
    ),
    schema,
    example: { service: "https://rates.example", field: "amount", from: "EUR", to: "USD" },
    run: async (call, context) => {
      const { service, field, from, to, into } = readConfig(schema, call.config);
      const [item] = call.items;
      if (!item) return { main: { items: [] } };
      const amount = getPath(item.json, field);
      if (typeof amount !== "number") throw wrongData(`"${field}" is no number.`);
      const day = new Date(call.nowMs).toISOString().slice(0, 10);
      const url = `${service}/${day}?from=${encodeURIComponent(from)}`;
      const response = await context.http.request({ method: "GET", url }, context.signal);
      if (response.status !== 200)
        throw new ActivityError({
          code: `RATES_${response.status}`,
          class: response.status >= 500 ? "server" : "client",
          message: `The service of rates answered ${response.status}.`,
          remedy: "Look at the address of the service, or try again later.",
          retryable: response.status >= 500,
          certainty: "notDone",
        });
      const { rates = {} } = JSON.parse(new TextDecoder().decode(response.body)) as {
        rates?: Record<string, number>;
      };
      const rate = rates[to];
      if (rate === undefined) throw wrongData(`There is no rate from ${from} to ${to}.`);
      return { main: { items: [withField(item, into, Math.round(amount * rate * 100) / 100)] } };
    },
  });
};
