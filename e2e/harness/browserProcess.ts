// The browser and the half of Playwright that drives it, in a process of its own: it makes functions out of texts, which
// the flags of the product forbid in the process of the tests. Prints its address; ends when its input closes, so that
// it never outlives a test that died.
import { chromium } from "playwright-core";
import { unpackChromium } from "./unpackChromium.ts";

const { executable, environment } = await unpackChromium();
const server = await chromium.launchServer({
  executablePath: executable,
  headless: true,
  host: "127.0.0.1",
  env: { ...(process.env as Record<string, string>), ...environment },
  // The package's own arguments contain --single-process, which dies when a page closes.
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
});
process.stdout.write(`${server.wsEndpoint()}\n`);
process.stdin.resume();
process.stdin.once("close", async () => {
  await server.close();
  process.exit(0);
});
