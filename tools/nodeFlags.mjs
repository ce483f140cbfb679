// The flags every AuraOS process runs with, in the one place that names them. Plain JavaScript, because
// server/bin/auraos.mjs reads it before the right Node is known.
//   --disable-proto=delete                     `__proto__` is gone, so no parsed document can reach a prototype
//   --disallow-code-generation-from-strings    no eval and no `new Function`, ours or a dependency's
export const nodeFlags = ["--disable-proto=delete", "--disallow-code-generation-from-strings"];
