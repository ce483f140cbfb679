// The software bill of materials: every package of the lock file as CycloneDX 1.6, with version, licence, checksum and what
// needs what. `node tools/sbom.mjs` writes docs/sbom.cdx.json; tools/sbom.test.ts fails while it is not that of the lock
// file. The same lock file gives the same bytes: there is no time and no number of chance in it.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const SBOM_FILE = "docs/sbom.cdx.json";

/** The text of the bill for the text of a lock file (version 3). */
export function sbomOf(lockText) {
  const lock = JSON.parse(lockText);
  const packages = Object.entries(lock.packages).filter(([path, one]) => path !== "" && !one.link);
  const refs = new Map(packages.map(([path, one]) => [path, refOf(path, one)]));
  const components = new Map();
  const needs = new Map();
  for (const [path, one] of packages) {
    const ref = refs.get(path);
    if (!components.has(ref)) components.set(ref, componentOf(ref, path, one));
    const found = needs.get(ref) ?? new Set();
    for (const name of Object.keys({ ...one.dependencies, ...one.optionalDependencies })) {
      const target = resolve(lock.packages, path, name);
      if (target !== undefined && refs.has(target)) found.add(refs.get(target));
    }
    needs.set(ref, found);
  }
  const sorted = [...components.values()].sort((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
  const { name, version } = lock.packages[""];
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", "bom-ref": `pkg:npm/${name}@${version}`, name, version } },
    components: sorted,
    dependencies: sorted.map((one) => ({
      ref: one["bom-ref"],
      dependsOn: [...needs.get(one["bom-ref"])].sort(),
    })),
  };
  // One package a line, so that a change of one is a change of its lines.
  const lines = (list) => list.map((one) => `    ${JSON.stringify(one)}`).join(",\n");
  const { components: _, dependencies: __, ...head } = document;
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "components": [\n${lines(document.components)}\n  ],\n  "dependencies": [\n${lines(document.dependencies)}\n  ]\n}\n`;
}

function nameOf(path, one) {
  return (
    one.name ?? path.slice(path.lastIndexOf("node_modules/") + (path.includes("node_modules/") ? 13 : 1))
  );
}

function refOf(path, one) {
  return `pkg:npm/${nameOf(path, one).replace("@", "%40")}@${one.version}`;
}

function componentOf(ref, path, one) {
  const name = nameOf(path, one);
  const isOurs = !path.includes("node_modules/");
  const [algorithm, sum] = one.integrity?.split(/-(.*)/s) ?? [];
  return {
    type: "library",
    "bom-ref": ref,
    name,
    version: one.version,
    // What only builds and tests need is not part of what is run.
    scope: one.dev ? "excluded" : one.optional ? "optional" : "required",
    ...(one.license ? { licenses: [{ expression: one.license }] } : {}),
    ...(algorithm === "sha512"
      ? { hashes: [{ alg: "SHA-512", content: Buffer.from(sum, "base64").toString("hex") }] }
      : {}),
    ...(isOurs ? {} : { purl: ref }),
  };
}

/** Where a package finds another one: beside itself, then further up, as Node looks. */
function resolve(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const path = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    const found = packages[path];
    if (found) return found.link ? found.resolved : path;
    if (at === "") return undefined;
    if (!at.includes("/node_modules/")) at = "/node_modules/";
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, SBOM_FILE), sbomOf(readFileSync(join(root, "package-lock.json"), "utf8")));
}
