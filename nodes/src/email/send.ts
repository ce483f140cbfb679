// One SMTP conversation: connect, sign in, hand over.

import type { Failure } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";
import type { Mail } from "./compose.ts";

export type Sent = { accepted: string[]; rejected: string[]; response: string };

export type MailServer = {
  host: string;
  port: number;
  /** Where to connect; the host is for the certificate. */
  address: string;
  encryption?: "tls" | "startTls" | "none" | undefined;
  auth?: { user: string; password: string } | undefined;
  /** Longest silence of the server. */
  timeoutSeconds: number;
};

export async function sendMail(server: MailServer, mail: Mail, signal: AbortSignal): Promise<Sent> {
  return converse(server, mail, signal);
}

/** Connects and signs in, and sends nothing. */
export async function tryMailServer(server: MailServer, signal: AbortSignal): Promise<void> {
  await converse(server, undefined, signal);
}

async function converse(config: MailServer, mail: Mail | undefined, signal: AbortSignal): Promise<Sent> {
  // Loaded by those who send mail only.
  const { default: SMTPConnection } = await import("nodemailer/lib/smtp-connection");
  const encryption = config.encryption ?? (config.port === 465 ? "tls" : "startTls");
  const timeoutMs = config.timeoutSeconds * 1000;
  const connection = new SMTPConnection({
    host: config.address,
    port: config.port,
    secure: encryption === "tls",
    requireTLS: encryption === "startTls",
    ignoreTLS: encryption === "none",
    servername: config.host,
    tls: { servername: config.host },
    connectionTimeout: Math.min(timeoutMs, 30_000),
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Loopback is allowed or refused by the rules for addresses, before this.
    allowInternalNetworkInterfaces: true,
  });
  let stage: Stage = "connect";
  try {
    return await new Promise<Sent>((resolve, reject) => {
      const stop = () => reject(Object.assign(new Error("The sending was stopped."), { code: "ABORTED" }));
      signal.addEventListener("abort", stop, { once: true });
      connection.once("error", reject);
      connection.once("end", () =>
        reject(Object.assign(new Error("The server closed the connection."), { code: "ECONNECTION" })),
      );
      if (signal.aborted) return stop();
      connection.connect((error) => {
        if (error) return reject(error);
        if (!config.auth) return hand();
        stage = "auth";
        connection.login({ user: config.auth.user, pass: config.auth.password }, (refused) =>
          refused ? reject(refused) : hand(),
        );
      });

      function hand(): void {
        if (!mail) return resolve({ accepted: [], rejected: [], response: "" });
        stage = "message";
        connection.send(
          { from: mail.from, to: mail.to, size: mail.bytes.length },
          mail.bytes,
          (error, info) => {
            if (error) return reject(error);
            const { accepted = [], rejected = [], response = "" } = info ?? {};
            resolve({ accepted: accepted.map(String), rejected: rejected.map(String), response });
          },
        );
      }
    });
  } catch (error) {
    throw mailFailure(error, stage, config);
  } finally {
    connection.on("error", () => {});
    connection.close();
  }
}

type Stage = "connect" | "auth" | "message";
type SmtpError = Error & { code?: string; responseCode?: number; command?: string };

/** What the server refused did not happen; what was cut off while the message went over may have. */
export function mailFailure(
  thrown: unknown,
  stage: Stage,
  { host, port }: { host: string; port: number },
): ActivityError {
  const error = thrown as SmtpError;
  const { responseCode, code = "" } = error;
  const isAnswered = responseCode !== undefined || code === "EENVELOPE";
  const certainty = stage !== "message" || isAnswered ? "notDone" : "unknown";
  const failure = known(error, stage, `${host}:${port}`);
  return new ActivityError({ ...failure, certainty });
}

function known(
  { code = "", responseCode, message }: SmtpError,
  stage: Stage,
  server: string,
): Omit<Failure, "certainty"> {
  const said = message.replace(/\s+/g, " ").slice(0, 300);
  if (code === "ABORTED")
    return { code: "CANCELLED", class: "cancelled", message: "Sending the mail was stopped." };
  if (code === "EAUTH" || stage === "auth") {
    return {
      code: "MAIL_AUTH",
      class: "auth",
      message: `${server} did not accept the sign-in: ${said}`,
      remedy: "Check user and password; many services want a password made for an app.",
      field: "auth",
    };
  }
  if (code === "ETLS" || /STARTTLS|certificate|SSL|TLS/i.test(said)) {
    return {
      code: "MAIL_TLS",
      class: "network",
      message: `There is no safe connection to ${server}: ${said}`,
      remedy:
        'Port 465 wants "encryption" tls, 587 and 25 startTls. Only a server of your own may go without.',
      field: "encryption",
    };
  }
  if (responseCode !== undefined) {
    const isTemporary = responseCode >= 400 && responseCode < 500;
    return {
      code: `SMTP_${responseCode}`,
      class: isTemporary ? "server" : "client",
      message: `${server} did not take the mail: ${said}`,
      remedy: isTemporary
        ? "The server may take it later."
        : "Read the answer of the server; usually an address or a limit is wrong.",
      retryable: isTemporary,
    };
  }
  if (code === "EENVELOPE")
    return { code: "MAIL_ADDRESS", class: "data", message: `${server} took no recipient: ${said}` };
  const isTimeout = code === "ETIMEDOUT";
  return {
    code: isTimeout ? "MAIL_TIMEOUT" : "MAIL_CONNECTION",
    class: isTimeout ? "timeout" : "network",
    message: `The conversation with ${server} broke off: ${said}`,
    remedy: "Check host and port, and firewalls between this server and the mail server.",
    retryable: true,
  };
}
