// One request to a running AuraOS; what is refused is an error that says what to do.
const url = process.env.AURAOS_URL ?? "http://127.0.0.1:4000";

export async function api(method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${process.env.AURAOS_KEY ?? ""}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status === 204) return undefined;
  const reply = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${reply.detail} ${reply.remedy}`);
  return reply;
}

/** Asks until there is an answer that is not undefined. */
export async function until(ask, withinMs = 30_000) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error("It took too long.");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
