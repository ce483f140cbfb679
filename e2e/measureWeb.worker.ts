// What `npm run bench -- web` measures in a browser. Given by the environment: where the server is, its key, and two
// workflows. Prints one figure a line.
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "./harness/openBrowser.ts";

const {
  MEASURE_URL: url = "",
  MEASURE_KEY: key = "",
  MEASURE_LARGE: large = "",
  MEASURE_SMALL: small = "",
} = process.env;
const PAN_MS = 3_000;
const ROUNDS = 15;
const EXPRESSION =
  " {{ $json.value * 2 + $('Step 499').all().map(one => one.json.value).length }} of {{ $now.toISO() }}";

const lists = {
  newest: "",
  failed: "status=failed",
  waiting: "status=waiting,running,parked",
  workflow: `workflow=${small}`,
  error_code: "error=HTTP_503",
  search_hit: "search=AB-1040",
  search_miss: "search=there-is-no-such-text",
};

const ends: (() => void | Promise<void>)[] = [];
try {
  const browser = await openBrowser({ after: (end) => void ends.unshift(end) });
  await measureFirstLoad(browser);
  await measureLargeWorkflow(browser);
  await measureTyping(browser);
  await measureLists(browser);
  await measureLive(browser);
} finally {
  for (const end of ends) await end();
}

function print(figure: string, value: number, unit: string, limit?: number): void {
  process.stdout.write(`${JSON.stringify({ figure, value, unit, ...(limit ? { limit } : {}) })}\n`);
}

async function newPage(browser: Browser): Promise<Page> {
  const localStorage = [
    { name: "auraos.key", value: key },
    { name: "auraos.language", value: "en" },
  ];
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    storageState: { cookies: [], origins: [{ origin: url, localStorage }] },
  });
  return context.newPage();
}

/** Until nothing is loaded any more, on an empty cache. What it is made of goes to standard error. */
async function measureFirstLoad(browser: Browser): Promise<void> {
  const page = await newPage(browser);
  const chunks: { name: string; bytes: number }[] = [];
  page.on("response", (response) => {
    const name = new URL(response.url()).pathname;
    const bytes = Number(response.headers()["content-length"] ?? 0);
    if (name.endsWith(".js")) chunks.push({ name, bytes });
  });
  await page.goto(url);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("heading", { level: 2 }).first().waitFor();
  await page.waitForTimeout(500);
  const paintedMs = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  );
  for (const { name, bytes } of chunks.toSorted((a, b) => b.bytes - a.bytes))
    process.stderr.write(`  ${(bytes / 1_000).toFixed(1).padStart(6)} kB ${name}\n`);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  print("home_javascript", bytes / 1_000, "kB compressed", 250);
  print("home_first_paint", paintedMs, "ms");
  await page.context().close();
}

async function measureLargeWorkflow(browser: Browser): Promise<void> {
  const page = await newPage(browser);
  await page.goto(`${url}/workflows/${large}`);
  await page.locator(".react-flow__node", { hasText: "Step 0" }).first().waitFor();
  print("large_workflow_opens", await page.evaluate(() => performance.now()), "ms", 2_000);
  await page.mouse.move(640, 400);
  const frames = page.evaluate(async (ms) => {
    const gaps: number[] = [];
    let last = performance.now();
    const until = last + ms;
    while (last < until) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      gaps.push(now - last);
      last = now;
    }
    return gaps;
  }, PAN_MS);
  const until = Date.now() + PAN_MS;
  for (let turn = 0; Date.now() < until; turn += 1)
    await page.mouse.wheel(turn % 80 < 40 ? 60 : -60, turn % 120 < 60 ? 40 : -40);
  const gaps = (await frames).toSorted((a, b) => a - b);
  print("large_workflow_pans", (gaps.length / PAN_MS) * 1_000, "frames/s", 30);
  print("large_workflow_worst_frame", gaps.at(-1) ?? 0, "ms");
  await page.context().close();
}

/** An expression of the large workflow is written, a letter every 50 ms: from the key until it is painted, preview and all. */
async function measureTyping(browser: Browser): Promise<void> {
  const page = await newPage(browser);
  await page.goto(`${url}/workflows/${large}?node=n500`);
  const editor = page.locator(".cm-content").first();
  await editor.click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.evaluate(() => {
    const painted: number[] = [];
    Object.assign(globalThis, { painted });
    addEventListener(
      "keydown",
      ({ timeStamp }) =>
        requestAnimationFrame(() => {
          // A message comes after the frame that follows was drawn.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => painted.push(performance.now() - timeStamp);
          port2.postMessage(undefined);
        }),
      { capture: true },
    );
  });
  await page.keyboard.type(EXPRESSION, { delay: 50 });
  await page.waitForTimeout(500);
  const taken = (await page.evaluate(() => (globalThis as unknown as { painted: number[] }).painted)).sort(
    (a, b) => a - b,
  );
  if (taken.length !== EXPRESSION.length) throw new Error(`${taken.length} keys were painted`);
  print("expression_key_painted", taken[Math.floor(taken.length / 2)] ?? 0, "ms median", 50);
  print("expression_key_painted_worst", taken.at(-1) ?? 0, "ms", 100);
  await page.context().close();
}

/** From the request to the parsed answer, in the page. */
async function measureLists(browser: Browser): Promise<void> {
  const page = await newPage(browser);
  await page.goto(`${url}/executions`);
  await page.getByRole("row").nth(3).waitFor();
  for (const [name, query] of Object.entries(lists)) {
    const path = `/api/v1/executions?limit=100&${query}`;
    const times = await page.evaluate(
      async ({ path: asked, rounds, bearer }) => {
        const taken: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          const startedAt = performance.now();
          await (await fetch(asked, { headers: { authorization: `Bearer ${bearer}` } })).json();
          taken.push(performance.now() - startedAt);
        }
        return taken.sort((a, b) => a - b);
      },
      { path, rounds: ROUNDS, bearer: key },
    );
    print(`list_${name}`, times[Math.floor(times.length / 2)] ?? 0, "ms median", 200);
  }
  await page.context().close();
}

/** From the request that starts an execution to its row on the screen. */
async function measureLive(browser: Browser): Promise<void> {
  const page = await newPage(browser);
  await page.goto(`${url}/executions`);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("row").nth(3).waitFor();
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // Longer apart than the list asks again.
    await page.waitForTimeout(1_200);
    taken.push(
      await page.evaluate(
        async ({ workflow, bearer }) => {
          const startedAt = performance.now();
          const answer = await fetch(`/api/v1/workflows/${workflow}/execute`, {
            method: "POST",
            headers: { authorization: `Bearer ${bearer}` },
          });
          const { id } = (await answer.json()) as { id: string };
          while (!document.querySelector(`a[href="/executions/${id}"]`))
            await new Promise((resolve) => requestAnimationFrame(resolve));
          return performance.now() - startedAt;
        },
        { workflow: small, bearer: key },
      ),
    );
  }
  taken.sort((a, b) => a - b);
  print("live_row_appears", taken[Math.floor(taken.length / 2)] ?? 0, "ms median", 300);
  print("live_row_appears_worst", taken.at(-1) ?? 0, "ms");
  await page.context().close();
}
