// Calls that change something: payments, refunds, reservations and shipments, with what undoes them.
//
// A call with an `Idempotency-Key` seen before gets the first answer again and counts as a repeat; without a key each
// call is a new effect. `?trouble` loses the answer before or after the effect happened, which is what durable
// execution has to cope with; GET /effects tells afterwards what really happened.
import {
  type Call,
  numberFrom,
  PracticeRefusal,
  pause,
  type Route,
  readJsonObject,
  sendError,
  sendJson,
} from "./route.ts";
import { countCall, type Effect, type PracticeState } from "./state.ts";
import { reset } from "./trouble.ts";

type Kind = {
  name: string;
  prefix: string;
  about: string;
  /** Fields of the request that say what the effect is about; the first present one counts. */
  references: string[];
  refuse: (request: Record<string, unknown>, state: PracticeState) => PracticeRefusal | undefined;
};

const effectsMax = 200_000;

const kinds: Kind[] = [
  {
    name: "payments",
    prefix: "pay",
    about:
      "Takes {orderId, amount, card}; a card ending in 0002 is declined (402), as are amounts over 10000.",
    references: ["reference", "orderId"],
    refuse(request) {
      if (typeof request.amount !== "number" || !(request.amount > 0))
        return invalid("amount must be a positive number.");
      if (String(request.card ?? "").endsWith("0002"))
        return new PracticeRefusal(402, "CARD_DECLINED", "The card was declined.");
      if (request.amount > 10_000)
        return new PracticeRefusal(402, "LIMIT_EXCEEDED", "The card does not allow that much.");
      return undefined;
    },
  },
  {
    name: "refunds",
    prefix: "ref",
    about: "Undoes a payment: {paymentId, amount?}; unknown payments give 404.",
    references: ["paymentId"],
    refuse: (request, state) => unknownOf(state, "payments", request.paymentId),
  },
  {
    name: "reservations",
    prefix: "res",
    about: "Reserves {sku, quantity}; the sku OUT-OF-STOCK gives 409.",
    references: ["reference", "orderId"],
    refuse(request) {
      if (typeof request.sku !== "string" || request.sku === "") return invalid("sku is missing.");
      if (request.sku !== "OUT-OF-STOCK") return undefined;
      return new PracticeRefusal(409, "OUT_OF_STOCK", "There is nothing left to reserve.");
    },
  },
  {
    name: "releases",
    prefix: "rel",
    about: "Undoes a reservation: {reservationId}; unknown reservations give 404.",
    references: ["reservationId"],
    refuse: (request, state) => unknownOf(state, "reservations", request.reservationId),
  },
  {
    name: "shipments",
    prefix: "shp",
    about: "Ships {orderId, country}; the country XX is not served (422).",
    references: ["reference", "orderId"],
    refuse(request) {
      if (request.country !== "XX") return undefined;
      return new PracticeRefusal(422, "NOT_SERVED", "Nothing is shipped to that country.");
    },
  },
  {
    name: "cancellations",
    prefix: "can",
    about: "Undoes a shipment: {shipmentId}; unknown shipments give 404.",
    references: ["shipmentId"],
    refuse: (request, state) => unknownOf(state, "shipments", request.shipmentId),
  },
];

export const effectRoutes: Route[] = [
  ...kinds.flatMap((kind): Route[] => [
    {
      method: "POST",
      path: `/${kind.name}`,
      about: `${kind.about} ?trouble=reset-before|reset-after|500-before|500-after|hang-after for the first ?times (1) calls per key.`,
      handle: (call) => perform(call, kind),
    },
    {
      method: "GET",
      path: `/${kind.name}`,
      about: `The ${kind.name} that happened; with ?idempotencyKey or ?reference only those.`,
      handle(call) {
        const key = call.url.searchParams.get("idempotencyKey");
        const reference = call.url.searchParams.get("reference");
        const found = call.state.effects.filter(
          (effect) =>
            effect.kind === kind.name &&
            (!key || effect.idempotencyKey === key) &&
            (!reference || effect.reference === reference),
        );
        sendJson(call, 200, { data: found.map(({ answer }) => answer) });
      },
    },
  ]),
  {
    method: "GET",
    path: "/effects",
    about: "Everything that happened, with the number of calls per effect, and what happened more than once.",
    handle: (call) => sendJson(call, 200, summary(call.state)),
  },
  {
    method: "DELETE",
    path: "/effects",
    about: "Forgets all effects.",
    handle(call) {
      call.state.effects.length = 0;
      call.state.effectsByKey.clear();
      call.response.writeHead(204).end();
    },
  },
];

async function perform(call: Call, kind: Kind): Promise<void> {
  const request = await readJsonObject(call);
  const key = headerText(call, "idempotency-key");
  const trouble = troubleOf(call, kind, key);
  if (trouble === "reset-before") return reset(call);
  if (trouble === "500-before") return sendError(call, 500, "FAILED_BEFORE", "Nothing happened; on purpose.");

  const { effect, repeated } = effectFor(call.state, kind, key, request);

  if (trouble === "reset-after") return reset(call);
  if (trouble === "500-after")
    return sendError(call, 500, "FAILED_AFTER", "It happened all the same; on purpose.");
  if (trouble === "hang-after") return;
  await pause(call, numberFrom(call, "ms", 0, 600_000));
  sendJson(call, repeated ? 200 : 201, effect.answer, repeated ? { "idempotent-replayed": "true" } : {});
}

/** The effect of this call: the first one under its key, or a new one. */
function effectFor(
  state: PracticeState,
  kind: Kind,
  key: string | null,
  request: Record<string, unknown>,
): { effect: Effect; repeated: boolean } {
  const keyed = key === null ? undefined : state.effectsByKey.get(`${kind.name} ${key}`);
  if (keyed) {
    keyed.calls += 1;
    if (JSON.stringify(keyed.request) === JSON.stringify(request)) return { effect: keyed, repeated: true };
    throw new PracticeRefusal(422, "KEY_REUSED", "This Idempotency-Key was used for another request.");
  }
  const refusal = kind.refuse(request, state);
  if (refusal) throw refusal;
  if (state.effects.length >= effectsMax)
    throw new PracticeRefusal(507, "FULL", "Too many effects; DELETE /effects first.");

  const id = `${kind.prefix}_${countCall(state, `ids of ${kind.name}`)}`;
  const reference =
    kind.references.map((field) => request[field]).find((value) => typeof value === "string") ?? null;
  const answer = { id, ...request, idempotencyKey: key, status: "done" };
  const effect: Effect = {
    id,
    kind: kind.name,
    idempotencyKey: key,
    reference: typeof reference === "string" ? reference : null,
    request,
    answer,
    calls: 1,
  };
  state.effects.push(effect);
  if (key !== null) state.effectsByKey.set(`${kind.name} ${key}`, effect);
  return { effect, repeated: false };
}

function troubleOf(call: Call, kind: Kind, key: string | null): string | null {
  const trouble = call.url.searchParams.get("trouble");
  if (!trouble) return null;
  if (!["reset-before", "reset-after", "500-before", "500-after", "hang-after"].includes(trouble)) {
    throw new PracticeRefusal(400, "BAD_TROUBLE", "There is no such trouble.");
  }
  const counter = `${kind.name} ${trouble} ${key ?? ""} ${call.url.searchParams.get("key") ?? ""}`;
  return countCall(call.state, counter) <= numberFrom(call, "times", 1, 1e6) ? trouble : null;
}

function summary(state: PracticeState) {
  const counts: Record<string, number> = {};
  const about = new Map<string, Effect[]>();
  for (const effect of state.effects) {
    counts[effect.kind] = (counts[effect.kind] ?? 0) + 1;
    if (effect.reference === null) continue;
    const name = `${effect.kind} ${effect.reference}`;
    about.set(name, [...(about.get(name) ?? []), effect]);
  }
  const duplicates = [...about.values()]
    .filter((effects) => effects.length > 1)
    .map((effects) => ({
      kind: effects[0]?.kind,
      reference: effects[0]?.reference,
      ids: effects.map(({ id }) => id),
    }));
  return {
    count: state.effects.length,
    counts,
    repeats: state.effects.reduce((sum, effect) => sum + effect.calls - 1, 0),
    duplicates,
    effects: state.effects.map(({ answer: _answer, ...effect }) => effect),
  };
}

function unknownOf(state: PracticeState, kind: string, id: unknown): PracticeRefusal | undefined {
  if (state.effects.some((effect) => effect.kind === kind && effect.id === id)) return undefined;
  return new PracticeRefusal(404, "NOT_FOUND", `There is no ${String(id)} among the ${kind}.`);
}

function invalid(message: string): PracticeRefusal {
  return new PracticeRefusal(422, "INVALID", message);
}

function headerText(call: Call, name: string): string | null {
  const value = call.request.headers[name];
  return typeof value === "string" && value !== "" ? value : null;
}
