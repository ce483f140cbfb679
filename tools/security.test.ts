// docs/security.md names the test that holds each requirement; what it names must be there, word for word. And what can be
// seen in the sources without running them is looked for here.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SBOM_FILE, sbomOf } from "./sbom.mjs";
import { listFiles, read, root } from "./sources.ts";

const ROW = /^\| (\d+\.\d+\.\d+(?:[, ]+\d+\.\d+\.\d+)*) \| ([^|]+) \| (.+) \|$/;
const LINK = /\[([^\]]+)\]\(\.\.\/([^)]+)\)/g;

/** What is run: no tests, no fixtures, no helpers of tests. */
const product = listFiles().filter(
  (file) =>
    /^(kernel|expression|nodes|contract|server|web)\/(src|bin)\/.*\.(ts|tsx|mjs)$/.test(file) &&
    !/\.test\.|\.fixture\.|\/testing\/|testKit|\/testing\.ts$|\.bench\./.test(file),
);

test("every requirement of the security page has a test, and every test that it names exists", () => {
  const rows = read("docs/security.md")
    .split("\n")
    .flatMap((line) => {
      const [, ids = "", what = "", tests = ""] = ROW.exec(line) ?? [];
      return ids === "" ? [] : [{ ids, what, tests: [...tests.matchAll(LINK)] }];
    });
  assert.ok(rows.length >= 55, `only ${rows.length} requirements`);
  const wrong = rows.flatMap(({ ids, what, tests }) => {
    if (tests.length === 0) return [`${ids} ${what}: no test`];
    return tests.flatMap(([, name = "", file = ""]) => {
      if (!existsSync(join(root, file))) return [`${ids}: there is no ${file}`];
      const isThere = [`"${name}"`, `'${name}'`, `\`${name}\``].some((quoted) => read(file).includes(quoted));
      return isThere ? [] : [`${ids}: ${file} has no "${name}"`];
    });
  });
  assert.deepEqual(wrong, []);
});

test("the bill of materials is that of the lock file", () => {
  const wanted = sbomOf(read("package-lock.json"));
  assert.equal(read(SBOM_FILE) === wanted, true, "run `node tools/sbom.mjs`");
  const { components, dependencies } = JSON.parse(wanted) as {
    components: { "bom-ref": string; version: string; scope: string; hashes?: object[]; purl?: string }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  const refs = new Set(components.map((one) => one["bom-ref"]));
  const packages = Object.entries(
    (JSON.parse(read("package-lock.json")) as { packages: Record<string, { link?: boolean }> }).packages,
  ).filter(([path, one]) => path.includes("node_modules/") && one.link !== true);
  assert.ok(components.length > 0.9 * new Set(packages.map(([path]) => path)).size - 50);
  for (const { purl, hashes, version, scope } of components) {
    assert.match(version, /^\d+\.\d+\.\d+/);
    // What is packed inside another package has the checksum of that one.
    if (purl !== undefined && scope !== "excluded")
      assert.equal(hashes?.length, 1, `${purl} has no checksum`);
  }
  for (const { ref, dependsOn } of dependencies)
    for (const one of [ref, ...dependsOn]) assert.ok(refs.has(one), one);
});

test("every version is exact: what was looked at is what is installed", () => {
  const manifests = listFiles().filter((file) => /(^|\/)package\.json$/.test(file));
  const loose = manifests.flatMap((file) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file)) as Record<
      string,
      Record<string, string>
    >;
    return Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${file}: ${name} ${version}`);
  });
  assert.deepEqual(loose, []);
});

/** Lines of the product that match; comments are not code. */
function linesWith(pattern: RegExp, isFine: (file: string, line: string) => boolean = () => false): string[] {
  return product.flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, index) =>
        !/^\s*(\/\/|\*|\/\*)/.test(line) && pattern.test(line) && !isFine(file, line)
          ? [`${file}:${index + 1} ${line.trim().slice(0, 120)}`]
          : [],
      ),
  );
}

test("no text becomes code in the host: no eval, no new Function, no node:vm", () => {
  assert.ok(product.length > 500, `${product.length} files`);
  assert.deepEqual(linesWith(/\beval\(|new Function\b|["']node:vm["']|["']vm["']/), []);
});

test("no shell: programs are started with a list of arguments", () => {
  assert.deepEqual(linesWith(/(?<![.\w"])exec(Sync)?\(|shell: true|["']-c["'](?!.*"sh", )/), []);
});

test("no SQL is put together from what came in: values are parameters", () => {
  const found = product
    .filter((file) => file.startsWith("server/src/"))
    .flatMap((file) =>
      [...read(file).matchAll(/`\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b[^`]*`/g)].flatMap(([sql]) =>
        [...sql.matchAll(/\$\{([^}]*)\}/g)]
          .filter(([, inside = ""]) =>
            /\b(body|params|query|input|request|caller|header|value|search|email|token)\b/.test(inside),
          )
          // What gives a place such as $3 for a value, and the parts that dataTables/conditions.ts makes of known columns.
          .filter(([, inside = ""]) => !/^(bind|to\.put)\(/.test(inside))
          .filter(
            ([, inside]) => !(file.endsWith("dataTables/store.ts") && /^query\.\w+$/.test(inside ?? "")),
          )
          .map(([hole]) => `${file}: ${hole}`),
      ),
    );
  assert.deepEqual(found, []);
});

test("there is one way out: nothing but outbound/ and the drivers it gives addresses to opens a connection", () => {
  const clients = /from ["'](undici|node:https?|node:http2|node:tls|node:dgram)["']|(?<![\w.])fetch\(/;
  const known =
    /^server\/src\/(outbound|platform\/listener|platform\/postgres|cli|practiceApi|engine\/postgres|workers\/process)|^web\//;
  assert.deepEqual(
    linesWith(clients, (file, line) => known.test(file) || /import type/.test(line)),
    [],
  );
});

test("secrets are compared in a time that says nothing", () => {
  const names = "secret|signature|hmac|mac|digest|sha256|token";
  const compared = new RegExp(`\\b\\w*(${names})\\w*\\s*[!=]==\\s*\\w*(${names}|expected|wanted|given)`, "i");
  assert.deepEqual(
    linesWith(compared, (_, line) => /undefined|null|typeof/.test(line)),
    [],
  );
  for (const file of [
    "access/keys",
    "identity/createIdentity",
    "webhooks/verifyCaller",
    "webhooks/resumeToken",
  ])
    assert.match(read(`server/src/${file}.ts`), /timingSafeEqual\(/, file);
});
