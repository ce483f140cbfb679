// Everything that goes wrong with services: refusals, failures, silence, slowness, broken answers, circles.
import {
  type Call,
  keyOf,
  numberFrom,
  numberParam,
  pause,
  type Route,
  sendError,
  sendJson,
} from "./route.ts";
import { chance, countCall } from "./state.ts";

const msMax = 600_000;

export const troubleRoutes: Route[] = [
  {
    method: "ANY",
    path: "/status/:code",
    about: "Answers with that status.",
    example: "/status/503",
    handle(call) {
      const status = numberParam(call, "code", 599);
      if (status < 200) return sendError(call, 400, "BAD_STATUS", "A status from 200 to 599, please.");
      if (status === 204 || status === 304) call.response.writeHead(status).end();
      else sendJson(call, status, { status });
    },
  },
  {
    method: "ANY",
    path: "/fail-first/:n",
    about: "The first n calls per ?key fail with ?status (500), then it works.",
    example: "/fail-first/2?key=a",
    handle(call) {
      const attempt = countCall(call.state, `fail-first ${keyOf(call)}`);
      if (attempt > numberParam(call, "n", 1e6)) return sendJson(call, 200, { ok: true, attempt });
      sendError(
        call,
        numberFrom(call, "status", 500, 599),
        "FAILING",
        `Attempt ${attempt} fails on purpose.`,
      );
    },
  },
  {
    method: "ANY",
    path: "/flaky",
    about:
      "Fails with 503 in ?rate (0.3) of the calls; which ones depends only on seed, ?key and the number of the call.",
    example: "/flaky?rate=0.5",
    handle(call) {
      const attempt = countCall(call.state, `flaky ${keyOf(call)}`);
      const rate = Number(call.url.searchParams.get("rate") ?? "0.3");
      if (chance(call.state.seed, "flaky", keyOf(call), attempt) >= rate)
        return sendJson(call, 200, { ok: true, attempt });
      sendError(call, 503, "FLAKY", `Call ${attempt} fails on purpose.`);
    },
  },
  {
    method: "ANY",
    path: "/rate-limit-first/:n",
    about:
      "The first n calls per ?key get 429 with Retry-After of ?seconds (1), as seconds or with ?format=date as a date.",
    example: "/rate-limit-first/2?seconds=1&format=date",
    handle(call) {
      const attempt = countCall(call.state, `rate-limit-first ${keyOf(call)}`);
      if (attempt > numberParam(call, "n", 1e6)) return sendJson(call, 200, { ok: true, attempt });
      const seconds = numberFrom(call, "seconds", 1, 3600);
      sendError(call, 429, "RATE_LIMITED", "Too many calls; on purpose.", {
        "retry-after": retryAfter(call, seconds),
      });
    },
  },
  {
    method: "ANY",
    path: "/rate-window",
    about:
      "Really limits: ?limit (5) calls per ?seconds (1) and ?key, with X-RateLimit headers; beyond it 429.",
    handle(call) {
      const limit = numberFrom(call, "limit", 5, 1e6);
      const windowMs = numberFrom(call, "seconds", 1, 3600) * 1000;
      const now = Date.now();
      const known = call.state.windows.get(keyOf(call));
      const window = known && now - known.startedMs < windowMs ? known : { startedMs: now, used: 0 };
      call.state.windows.set(keyOf(call), window);
      window.used += 1;
      const leftMs = window.startedMs + windowMs - now;
      const headers = {
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": String(Math.max(0, limit - window.used)),
        "x-ratelimit-reset": String(Math.ceil((now + leftMs) / 1000)),
      };
      if (window.used <= limit) return sendJson(call, 200, { ok: true, used: window.used }, headers);
      const after = retryAfter(call, Math.ceil(leftMs / 1000));
      sendError(call, 429, "RATE_LIMITED", "Too many calls in this window.", {
        ...headers,
        "retry-after": after,
      });
    },
  },
  {
    method: "ANY",
    path: "/delay/:ms",
    about: "Answers after that many milliseconds.",
    example: "/delay/500",
    async handle(call) {
      const ms = numberParam(call, "ms", msMax);
      await pause(call, ms);
      sendJson(call, 200, { ok: true, delayedMs: ms });
    },
  },
  { method: "ANY", path: "/hang", about: "Never answers.", handle: () => {} },
  {
    method: "ANY",
    path: "/hang-first/:n",
    about: "Never answers the first n calls per ?key, then it works.",
    handle(call) {
      const attempt = countCall(call.state, `hang-first ${keyOf(call)}`);
      if (attempt > numberParam(call, "n", 1e6)) sendJson(call, 200, { ok: true, attempt });
    },
  },
  {
    method: "GET",
    path: "/drip",
    about: "Sends ?bytes (100) of text bit by bit during ?ms (1000).",
    example: "/drip?bytes=20&ms=2000",
    async handle(call) {
      const bytes = numberFrom(call, "bytes", 100, 1e6);
      const ms = numberFrom(call, "ms", 1000, msMax);
      const steps = Math.max(1, Math.min(bytes, Math.ceil(ms / 10)));
      call.response.writeHead(200, { "content-type": "text/plain", "content-length": bytes });
      let sent = 0;
      for (let step = 1; step <= steps && !call.response.destroyed; step += 1) {
        const upTo = Math.floor((bytes * step) / steps);
        call.response.write("*".repeat(upTo - sent));
        sent = upTo;
        if (step < steps) await pause(call, ms / steps);
      }
      call.response.end();
    },
  },
  {
    method: "GET",
    path: "/malformed-json",
    about: "Says application/json, but is not.",
    handle(call) {
      call.response
        .writeHead(200, { "content-type": "application/json" })
        .end('{"ok": true, "items": [1, 2,');
    },
  },
  {
    method: "GET",
    path: "/truncated",
    about: "Announces 1000 bytes and closes after 20.",
    handle(call) {
      call.response.writeHead(200, { "content-type": "text/plain", "content-length": 1000 });
      call.response.write("*".repeat(20), () => call.request.socket.end());
    },
  },
  { method: "ANY", path: "/reset", about: "Resets the connection instead of answering.", handle: reset },
  {
    method: "ANY",
    path: "/reset-first/:n",
    about: "Resets the connection for the first n calls per ?key, then it works.",
    handle(call) {
      const attempt = countCall(call.state, `reset-first ${keyOf(call)}`);
      if (attempt > numberParam(call, "n", 1e6)) sendJson(call, 200, { ok: true, attempt });
      else reset(call);
    },
  },
  {
    method: "ANY",
    path: "/redirect/:n",
    about: "Redirects n times with ?status (302), then answers.",
    example: "/redirect/3",
    handle(call) {
      const n = numberParam(call, "n", 100);
      if (n === 0) return sendJson(call, 200, { ok: true });
      call.response
        .writeHead(redirectStatus(call), { location: `/redirect/${n - 1}${call.url.search}` })
        .end();
    },
  },
  {
    method: "ANY",
    path: "/redirect-loop",
    about: "Redirects to itself for ever.",
    handle: (call) => void call.response.writeHead(302, { location: "/redirect-loop" }).end(),
  },
  {
    method: "ANY",
    path: "/redirect-to",
    about: "Redirects to ?url with ?status (302).",
    example: "/redirect-to?url=/echo",
    handle(call) {
      const target = URL.parse(call.url.searchParams.get("url") ?? "/", call.url.href)?.href ?? "/";
      call.response.writeHead(redirectStatus(call), { location: target }).end();
    },
  },
];

export function reset(call: Call): void {
  call.request.socket.resetAndDestroy();
}

function retryAfter(call: Call, seconds: number): string {
  if (call.url.searchParams.get("format") !== "date") return String(seconds);
  // Dates have whole seconds: round up, or the caller comes too early.
  return new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000).toUTCString();
}

function redirectStatus(call: Call): number {
  const status = numberFrom(call, "status", 302, 599);
  return [301, 302, 303, 307, 308].includes(status) ? status : 302;
}
