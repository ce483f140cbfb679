// What our PostgreSQL runs with. Written to auraos.conf in the cluster before each start, so that an upgrade of
// AuraOS brings its settings along; an operator's ALTER SYSTEM still wins, because its file is read later.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Account, giveTo } from "./account.ts";

export type Settings = Readonly<Record<string, string>>;

const SETTINGS: Settings = {
  // Reachable from this machine's account only: the packaged OpenSSL is out of support, so no network at all.
  listen_addresses: "",
  port: "5432",
  unix_socket_permissions: "0700",
  ssl: "off",
  password_encryption: "scram-sha-256",

  // What was committed stays committed, whatever fails.
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  wal_level: "replica",

  shared_buffers: "128MB",
  max_connections: "100",
  min_wal_size: "256MB",
  max_wal_size: "2GB",
  jit: "off",
  timezone: "UTC",

  // One file for each day of the week, emptied when its day comes round again.
  logging_collector: "on",
  log_directory: "log",
  log_filename: "postgresql-%w.log",
  log_truncate_on_rotation: "on",
  log_rotation_age: "1d",
  log_rotation_size: "0",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] %q%d ",
};

const FILE = "auraos.conf";

export function configurationText(socketFolder: string, extra: Settings): string {
  const all: Settings = { ...SETTINGS, unix_socket_directories: socketFolder, ...extra };
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return `# Written by AuraOS at each start. Your own settings: ALTER SYSTEM, or postgresql.auto.conf.\n${lines.join("\n")}\n`;
}

export function isConfigured(cluster: string, text: string): boolean {
  const file = join(cluster, FILE);
  return existsSync(file) && readFileSync(file, "utf8") === text;
}

export function writeConfiguration(cluster: string, text: string, account: Account): void {
  if (isConfigured(cluster, text)) return;
  const file = join(cluster, FILE);
  writeFileSync(file, text, { mode: 0o600 });
  giveTo(account, file);
}

/** Once, on a new cluster. */
export function includeConfiguration(cluster: string): void {
  appendFileSync(join(cluster, "postgresql.conf"), `\ninclude_if_exists = '${FILE}'\n`);
}
