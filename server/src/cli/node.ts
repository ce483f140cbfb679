// `auraos node new | check | test`: node types of one's own, in a folder that AURAOS_NODES names.
import { spawn } from "node:child_process";
import { existsSync, globSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { loadNode } from "../nodeTypes/loadNodes.ts";
import { type Command, CommandError, print, readArgs } from "./command.ts";

const testKit = pathToFileURL(createRequire(import.meta.url).resolve("@auraos/nodes/testKit.ts")).href;

export const node: Command = async (args) => {
  const { values, positionals } = readArgs(args, { folder: { type: "string", default: "." } });
  const [what, name] = positionals;
  if (what === "new" && name !== undefined) return makeNew(name, resolve(values.folder));
  if (what === "check" && name !== undefined) return check(resolve(name));
  if (what === "test" && name !== undefined) return test(resolve(name));
  throw new CommandError(2, "auraos node new TYPE [--folder F] | check FOLDER | test FOLDER");
};

/** `acme.weather` -> F/weather/node.ts and its test. */
function makeNew(type: string, folder: string): number {
  if (!/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)+$/.test(type))
    throw new CommandError(
      2,
      `"${type}" is no type: words joined by dots, at least two, such as acme.weather.`,
    );
  const word = type.split(".").at(-1) ?? type;
  const place = join(folder, word);
  if (existsSync(place)) throw new CommandError(1, `${place} is there already.`);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "node.ts"), nodeText(type, word));
  writeFileSync(join(place, "node.test.ts"), testText(word));
  print(`${join(place, "node.ts")}\n${join(place, "node.test.ts")}`);
  return 0;
}

async function check(folder: string): Promise<number> {
  const file = ["node.ts", "node.mjs", "node.js"]
    .map((one) => join(folder, one))
    .find((one) => existsSync(one));
  if (file === undefined) throw new CommandError(2, `${folder} holds no node.ts.`);
  const { type, effect } = await loadNode(file);
  print(`${type} is sound (${effect}).`);
  return 0;
}

function test(folder: string): Promise<number> {
  const files = globSync("*.test.{ts,mjs,js}", { cwd: folder }).map((one) => join(folder, one));
  if (files.length === 0) throw new CommandError(2, `${folder} holds no test.`);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ["--test", ...files], {
    stdio: "inherit",
    env: { ...env, AURAOS_TEST_KIT: testKit },
  });
  return new Promise((done) => child.on("close", (code) => done(code ?? 1)));
}

function nodeText(type: string, word: string): string {
  return `// Says what ${word} does, for whoever reads this next.
import type { Kit } from "@auraos/nodes/kit.ts";

export default ({ defineNode, nodeErrors, ActivityError, readConfig, withField, z }: Kit) => {
  const schema = z.strictObject({
    url: z.string().min(1).describe("Address of the service."),
    into: z.string().default("${word}").describe("Field for the answer."),
  });
  return defineNode({
    type: "${type}",
    version: 1,
    name: "${word.charAt(0).toUpperCase()}${word.slice(1)}",
    description: "Asks a service for each item, and puts its answer into a field.",
    icon: "globe",
    category: "action",
    effect: "read",
    per: "item",
    errors: nodeErrors(
      [
        {
          "SERVICE_<status>": {
            meaning: "The service answered with this status.",
            remedy: "Look at the answer, or try again later.",
            retryable: "sometimes",
          },
        },
      ],
      "outbound",
    ),
    schema,
    example: { url: "https://service.example/{{ $json.id }}" },
    run: async (call, context) => {
      const { url, into } = readConfig(schema, call.config);
      const response = await context.http.request({ method: "GET", url }, context.signal);
      if (response.status >= 400)
        throw new ActivityError({
          code: "SERVICE_" + response.status,
          class: response.status >= 500 ? "server" : "client",
          message: "The service answered " + response.status + ".",
          retryable: response.status >= 500,
          certainty: "notDone",
        });
      const answer = JSON.parse(new TextDecoder().decode(response.body));
      return { main: { items: call.items.map((item) => withField(item, into, answer)) } };
    },
  });
};
`;
}

function testText(word: string): string {
  return `import assert from "node:assert/strict";
import { it } from "node:test";
import node from "./node.ts";

// Set by \`auraos node test\`.
const { testNode } = await import(process.env.AURAOS_TEST_KIT ?? "@auraos/nodes/testKit.ts");
const config = { url: "https://service.example/7" };

it("puts the answer into a field", async () => {
  const { outputs } = await testNode(node, {
    config,
    items: [{ id: 7 }],
    http: [{ url: "https://service.example/7", body: { ok: true } }],
  });
  assert.deepEqual(outputs.main, [{ id: 7, ${word}: { ok: true } }]);
});

it("says when the service is in trouble", async () => {
  const { failure } = await testNode(node, { config, http: [{ url: "https://service.example/7", status: 503 }] });
  assert.deepEqual([failure.code, failure.retryable], ["SERVICE_503", true]);
});
`;
}
