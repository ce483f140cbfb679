// Small workflows that several tests use.

export const hello = {
  name: "hello",
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "greet", type: "set", config: { fields: { greeting: "Hello {{ $json.name }}" } } },
  ],
  connections: [{ from: "start", to: "greet" }],
};

export const failing = {
  name: "failing",
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "stop", type: "stop", config: { message: "No way.", code: "NO_WAY" } },
  ],
  connections: [{ from: "start", to: "stop" }],
};

export const waitsForSignal = {
  name: "waits for a signal",
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "wait", type: "wait", config: { for: "signal", signal: "paid" } },
  ],
  connections: [{ from: "start", to: "wait" }],
};

export const waitsForCall = {
  name: "waits for a call",
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "wait", type: "wait", config: { for: "webhook" } },
  ],
  connections: [{ from: "start", to: "wait" }],
};

export const approves = {
  name: "approves",
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "ask", type: "approval", config: { title: "Refund {{ $json.amount }}?", assignees: ["finance"] } },
    { id: "yes", type: "set", config: { fields: { said: "yes" } } },
    { id: "no", type: "set", config: { fields: { said: "no" } } },
  ],
  connections: [
    { from: "start", to: "ask" },
    { from: "ask", port: "approved", to: "yes" },
    { from: "ask", port: "rejected", to: "no" },
  ],
};

export function webhook(path: string, more: Record<string, unknown> = {}) {
  return {
    name: `webhook ${path}`,
    nodes: [
      { id: "hook", type: "trigger.webhook", config: { path, methods: ["POST", "GET"], ...more } },
      {
        id: "reply",
        type: "respond",
        config: { status: 201, headers: { "x-answer": "yes" }, body: { got: "{{ $json.body }}" } },
      },
    ],
    connections: [{ from: "hook", to: "reply" }],
  };
}
