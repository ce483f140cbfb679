// What the operator chose, read once from the environment. Everything wrong is said at once, before anything starts.
import { isAbsolute, resolve } from "node:path";
import { createClientAddress } from "./clientAddress.ts";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export type Settings = {
  port: number;
  host: string;
  dataDir: string;
  /** Absent = an own PostgreSQL in the data folder. */
  databaseUrl: string | undefined;
  apiKey: string | undefined;
  /** Root keys of the vault, base64, the current one first. Absent = in the data folder. */
  vaultKey: string | undefined;
  /** Program with its arguments that prints them instead. */
  vaultKeyCommand: string[] | undefined;
  /** Whether what executions carry is encrypted from now on; what was stays readable. */
  payloads: "sealed" | "plain";
  /** Ids of root keys that are lost for good: what they seal is given up at the start. */
  lostRootKeys: string[];
  logLevel: LogLevel;
  /** Private targets that outbound requests may reach. */
  allowHosts: string[];
  filesDir: string;
  /** Folder for signed checkpoints of the audit log; beside the data folder, not in it. */
  auditCheckpointsDir: string;
  /** Folder for entries that leave the audit log with their retention; absent = they are not kept. */
  auditArchiveDir: string | undefined;
  /** Folder with node types of the operator's own. */
  nodesDir: string | undefined;
  /** Address under which others reach this server, for resume addresses. */
  publicUrl: string | undefined;
  inputBytesMax: number;
  definitionBytesMax: number;
  webhookBytesMax: number;
  blobBytesMax: number;
  drainMs: number;
  /** Worker processes for what computes; 0 = in threads of the server. */
  workers: number;
  /** Memory of one activity in a worker, MB. */
  activityMb: number;
  /** Mail server for invitations and new passwords; absent = none. */
  smtp: Smtp | undefined;
  /** Identity provider that people may sign in with; absent = none. */
  oidc: Oidc | undefined;
  /** Tries to sign in from one address, a minute. */
  signInsPerMinute: number;
  /** Requests a minute from one address, with one key or session, in one organization; 0 = no limit. */
  addressPerMinute: number;
  credentialPerMinute: number;
  organizationPerMinute: number;
  /** Proxies whose X-Forwarded-For is believed: addresses and networks. */
  trustedProxies: string[];
  /** Certificate and key of this server (PEM files); absent = plain HTTP. */
  tls: { certFile: string; keyFile: string } | undefined;
  /** A session that nobody used for so long has ended. */
  sessionIdleHours: number;
  /** A session ends so long after the sign-in, however much it is used. */
  sessionDays: number;
  /** Closed executions are kept this long, unless their organization says otherwise. */
  retentionDays: number;
  /** Where backups go; with it they are taken on time and the WAL is archived. Absent = when asked, in the data folder. */
  backupDir: string | undefined;
  /** Keys of the backups, base64, the current one first. Absent = in the data folder. */
  backupKey: string | undefined;
  /** Times of the day, UTC; none = not by themselves. */
  backupAt: string[];
  drillAt: string[];
  /** Backups that are kept, of those that succeeded. */
  backupKeep: number;
  /** Nothing new is started while less than this share of the disk is free, in percent; 0 = never looked at. */
  diskFreePercent: number;
  /** off: nothing new is started, so that a person can look first. */
  executions: "on" | "off";
};

export type Smtp = {
  host: string;
  port: number;
  encryption: "tls" | "startTls" | "none";
  auth?: { user: string; password: string };
  from: string;
};

export type Oidc = { id: string; name: string; issuer: string; clientId: string; clientSecret: string };

export class SettingsError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
    this.problems = problems;
  }
}

const levels: readonly string[] = ["debug", "info", "warn", "error", "silent"];
const MEGABYTE = 1024 * 1024;

export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const problems: string[] = [];
  const text = (name: string) => {
    const value = environment[name]?.trim();
    return value === undefined || value === "" ? undefined : value;
  };
  const whole = (name: string, otherwise: number, min: number, max: number) => {
    const value = text(name);
    if (value === undefined) return otherwise;
    const number = Number(value);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    problems.push(`${name} is a whole number from ${min} to ${max}, not "${value}".`);
    return otherwise;
  };
  const list = (name: string) =>
    (text(name) ?? "")
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");
  const logLevel = text("AURAOS_LOG") ?? "info";
  if (!levels.includes(logLevel))
    problems.push(`AURAOS_LOG is one of ${levels.join(", ")}, not "${logLevel}".`);
  const executions = text("AURAOS_EXECUTIONS") ?? "on";
  if (executions !== "on" && executions !== "off")
    problems.push(`AURAOS_EXECUTIONS is on or off, not "${executions}".`);
  const payloads = text("AURAOS_PAYLOADS") ?? "sealed";
  if (payloads !== "sealed" && payloads !== "plain")
    problems.push(`AURAOS_PAYLOADS is sealed or plain, not "${payloads}".`);
  const databaseUrl = text("DATABASE_URL");
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl))
    problems.push("DATABASE_URL starts with postgresql://.");
  const publicUrl = text("AURAOS_URL");
  if (publicUrl !== undefined && !/^https?:\/\/[^/]+$/.test(publicUrl))
    problems.push("AURAOS_URL is an address without a path, such as https://auraos.example.com.");

  const times = (name: string, otherwise: string) => {
    const given = text(name) ?? otherwise;
    const found = given === "off" ? [] : given.split(",").map((time) => time.trim());
    if (found.every((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time))) return found;
    problems.push(`${name} is times of the day in UTC such as 02:00 or 02:00,14:00, or off; not "${given}".`);
    return [];
  };
  const backupDir = text("AURAOS_BACKUP_DIR");

  const dataDir = resolve(text("AURAOS_DATA") ?? ".auraos");
  const auditCheckpointsDir = resolve(text("AURAOS_AUDIT_CHECKPOINTS") ?? `${dataDir}-audit`);
  const auditArchive = text("AURAOS_AUDIT_ARCHIVE") ?? `${auditCheckpointsDir}/archive`;
  const settings: Settings = {
    port: whole("PORT", 4000, 0, 65_535),
    host: text("HOST") ?? "127.0.0.1",
    dataDir,
    databaseUrl,
    apiKey: text("AURAOS_API_KEY"),
    vaultKey: text("AURAOS_VAULT_KEY"),
    vaultKeyCommand: readKeyCommand(text, problems),
    payloads: payloads as Settings["payloads"],
    lostRootKeys: (text("AURAOS_LOST_ROOT_KEYS") ?? "").split(",").filter((id) => id !== ""),
    logLevel: logLevel as LogLevel,
    allowHosts: list("AURAOS_ALLOW_HOSTS"),
    filesDir: resolve(text("AURAOS_FILES") ?? `${dataDir}/files`),
    auditCheckpointsDir,
    auditArchiveDir: auditArchive === "off" ? undefined : resolve(auditArchive),
    nodesDir: text("AURAOS_NODES"),
    publicUrl,
    inputBytesMax: whole("AURAOS_INPUT_MB", 50, 1, 1024) * MEGABYTE,
    definitionBytesMax: 10 * MEGABYTE,
    webhookBytesMax: whole("AURAOS_WEBHOOK_MB", 16, 1, 1024) * MEGABYTE,
    blobBytesMax: whole("AURAOS_BLOB_MB", 500, 1, 10_240) * MEGABYTE,
    retentionDays: whole("AURAOS_RETENTION_DAYS", 365, 1, 36_500),
    backupDir: backupDir === undefined ? undefined : resolve(backupDir),
    backupKey: text("AURAOS_BACKUP_KEY"),
    backupAt: times("AURAOS_BACKUP_AT", "02:00"),
    drillAt: times("AURAOS_DRILL_AT", "03:00"),
    backupKeep: whole("AURAOS_BACKUP_KEEP", 7, 1, 1000),
    diskFreePercent: whole("AURAOS_DISK_FREE_PERCENT", 10, 0, 90),
    executions: executions as Settings["executions"],
    workers: whole("AURAOS_WORKERS", 1, 0, 64),
    activityMb: whole("AURAOS_ACTIVITY_MB", 256, 64, 65_536),
    smtp: readSmtp(text, problems),
    oidc: readOidc(text, problems),
    signInsPerMinute: whole("AURAOS_SIGN_INS_PER_MINUTE", 10, 1, 10_000),
    addressPerMinute: whole("AURAOS_ADDRESS_PER_MINUTE", 600_000, 0, 100_000_000),
    credentialPerMinute: whole("AURAOS_KEY_PER_MINUTE", 600_000, 0, 100_000_000),
    organizationPerMinute: whole("AURAOS_ORGANIZATION_PER_MINUTE", 1_200_000, 0, 100_000_000),
    trustedProxies: readProxies(list("AURAOS_TRUSTED_PROXIES"), problems),
    tls: readTls(text, problems),
    sessionIdleHours: whole("AURAOS_SESSION_IDLE_HOURS", 72, 1, 8_760),
    sessionDays: whole("AURAOS_SESSION_DAYS", 14, 1, 365),
    drainMs: whole("AURAOS_DRAIN_SECONDS", 20, 0, 3600) * 1000,
  };
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

type Text = (name: string) => string | undefined;

function readProxies(given: string[], problems: string[]): string[] {
  try {
    createClientAddress(given);
  } catch (error) {
    problems.push(`AURAOS_TRUSTED_PROXIES: ${(error as Error).message}`);
  }
  return given;
}

/** Words with spaces between them, or a JSON list of texts where an argument has a space. */
function readKeyCommand(text: Text, problems: string[]): string[] | undefined {
  const given = text("AURAOS_VAULT_KEY_COMMAND");
  if (given === undefined) return undefined;
  if (text("AURAOS_VAULT_KEY") !== undefined)
    problems.push(
      "AURAOS_VAULT_KEY and AURAOS_VAULT_KEY_COMMAND both say where root keys come from; set one.",
    );
  const words = given.startsWith("[") ? listOf(given) : given.split(/\s+/);
  if (words !== undefined && isAbsolute(words[0] ?? "")) return words;
  problems.push(
    'AURAOS_VAULT_KEY_COMMAND is the whole path of a program and its arguments, such as /usr/local/bin/root-key auraos or ["/usr/local/bin/root-key", "my key"]. No shell reads it.',
  );
  return undefined;
}

function listOf(given: string): string[] | undefined {
  try {
    const list = JSON.parse(given) as unknown;
    return Array.isArray(list) && list.every((one) => typeof one === "string") ? list : undefined;
  } catch {
    return undefined;
  }
}

function readTls(text: Text, problems: string[]): Settings["tls"] {
  const [certFile, keyFile] = [text("AURAOS_TLS_CERT"), text("AURAOS_TLS_KEY")];
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  problems.push("AURAOS_TLS_CERT and AURAOS_TLS_KEY are two PEM files; one of them is missing.");
  return undefined;
}

/** smtps://user:password@mail.example.com, smtp:// begins in the clear and must change to TLS, smtp+insecure:// never does. */
function readSmtp(text: Text, problems: string[]): Smtp | undefined {
  const given = text("AURAOS_SMTP_URL");
  if (given === undefined) return undefined;
  const from = text("AURAOS_MAIL_FROM");
  const url = URL.parse(given);
  const encryption = encryptions[url?.protocol ?? ""];
  if (url === null || encryption === undefined || url.hostname === "" || from === undefined) {
    problems.push(
      "AURAOS_SMTP_URL is like smtps://user:password@mail.example.com:465, and AURAOS_MAIL_FROM says from whom.",
    );
    return undefined;
  }
  const auth = { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  return {
    host: url.hostname,
    port: Number(url.port) || (encryption === "tls" ? 465 : 587),
    encryption,
    ...(auth.user === "" ? {} : { auth }),
    from,
  };
}

function readOidc(text: Text, problems: string[]): Oidc | undefined {
  const issuer = text("AURAOS_OIDC_ISSUER");
  if (issuer === undefined) return undefined;
  const clientId = text("AURAOS_OIDC_CLIENT_ID");
  const clientSecret = text("AURAOS_OIDC_CLIENT_SECRET");
  if (!/^https?:\/\//.test(issuer) || clientId === undefined || clientSecret === undefined) {
    problems.push(
      "AURAOS_OIDC_ISSUER is an address, and wants AURAOS_OIDC_CLIENT_ID and AURAOS_OIDC_CLIENT_SECRET.",
    );
    return undefined;
  }
  return {
    id: "oidc",
    name: text("AURAOS_OIDC_NAME") ?? new URL(issuer).hostname,
    issuer,
    clientId,
    clientSecret,
  };
}

const encryptions: Record<string, Smtp["encryption"] | undefined> = {
  "smtps:": "tls",
  "smtp:": "startTls",
  "smtp+insecure:": "none",
};
