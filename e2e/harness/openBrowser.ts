// A browser for a test file, gone at its end. See browserProcess.ts for why it is another process.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Scope } from "@auraos/server/testing/freshDatabase.ts";
import { type Browser, chromium } from "playwright-core";

export async function openBrowser(scope: Scope): Promise<Browser> {
  const program = fileURLToPath(new URL("browserProcess.ts", import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let browser: Browser | undefined;
  scope.after(async () => {
    await browser?.close();
    child.stdin.end();
    await ended;
  });
  browser = await chromium.connect(await addressOf(child.stdout, ended));
  return browser;
}

async function addressOf(output: NodeJS.ReadableStream, ended: Promise<void>): Promise<string> {
  const said = new Promise<string>((resolve) => {
    let text = "";
    output.on("data", (part: Buffer) => {
      text += part.toString();
      if (text.includes("\n")) resolve(text.trim());
    });
  });
  const gone = ended.then(() =>
    Promise.reject(new Error("The browser's process ended before it was ready.")),
  );
  return Promise.race([said, gone]);
}
