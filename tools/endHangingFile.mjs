// Loaded into every test file by `npm test`. A file whose tests are all done but which keeps a timer, a socket or a
// child process open would hold up the whole run for ever; it is ended with a word on what is still open.
import { afterEach, beforeEach } from "node:test";

const QUIET_MS = Number(process.env.AURAOS_TEST_QUIET_MS ?? 45_000);
/** A file that has not begun a test yet may be waiting for its database. */
const FIRST_TEST_MS = Math.max(QUIET_MS, 180_000);

// Only in the files, not in the runner that loads this as well.
if (process.env.NODE_TEST_CONTEXT?.startsWith("child")) watch();

function watch() {
  let running = 0;
  let hasBegun = false;
  let quietSince = performance.now();
  const note = (change) => () => {
    running += change;
    hasBegun = true;
    quietSince = performance.now();
  };
  beforeEach(note(1));
  afterEach(note(-1));

  // Does not keep the process alive: where nothing is open, the file has long ended.
  setInterval(() => {
    const quietMs = performance.now() - quietSince;
    if (running > 0 || quietMs < (hasBegun ? QUIET_MS : FIRST_TEST_MS)) return;
    const open = process.getActiveResourcesInfo().join(", ");
    console.error(
      `${process.argv[1]}: no test has run for ${Math.round(quietMs / 1000)} s, yet the file does not end. Still open: ${open}. ` +
        "Close timers, servers, pools and child processes in an after hook.",
    );
    process.exit(1);
  }, 500).unref();
}
