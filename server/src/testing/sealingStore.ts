// A PostgreSQL store that seals its bodies, with the cipher it uses; each has payload keys of its own, as each process has.

import { newId } from "../engine/postgres/batches.ts";
import { openPostgresStore } from "../engine/postgres/store.ts";
import type { Store } from "../engine/store.ts";
import { openPool } from "../platform/db.ts";
import { createPayloadCipher, type PayloadCipher } from "../vault/payloadCipher.ts";

export function sealingStore(url: string, root: Buffer, isOn = true): Store & { cipher: PayloadCipher } {
  const pool = openPool(url, { role: "auraos_engine", name: "payload keys", max: 2 });
  const cipher = createPayloadCipher({ pool, roots: rootsOf(root), newId, nowMs: Date.now, isOn });
  const store = openPostgresStore(url, { cipher });
  return {
    ...store,
    cipher,
    close: async () => {
      await store.close();
      await pool.end();
    },
  };
}

export function rootsOf(...keys: readonly [Buffer, ...Buffer[]]) {
  const named = keys.map((key) => ({ id: key.toString("hex").slice(0, 16), key }));
  return {
    current: named[0] as { id: string; key: Buffer },
    find: (id: string) => named.find((one) => one.id === id)?.key,
  };
}
