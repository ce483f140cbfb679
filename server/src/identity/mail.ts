// Invitations and new passwords, by mail when the operator set up a mail server. Without one the address is written to the
// server's own log, and only while this server is reachable from this machine alone: whoever reads it can use it.

import { randomUUID } from "node:crypto";
import { composeMail } from "@auraos/nodes/email/compose.ts";
import type { MailConfig } from "@auraos/nodes/email/node.ts";
import { sendMail } from "@auraos/nodes/email/send.ts";
import type { Log } from "../platform/log.ts";
import type { Settings } from "../platform/settings.ts";

export type Letter = { to: string; kind: "reset" | "invitation"; link: string; organization?: string };

export type Mail = {
  canSend: boolean;
  /** False when the letter did not leave; the log says why. Never throws. */
  send(letter: Letter): Promise<boolean>;
};

const WITHIN_SECONDS = 30;

export function createMail(options: {
  settings: Settings;
  /** Through the wall that everything goes through which leaves this server. */
  addressOf: (host: string, port: number) => Promise<string>;
  log: Log;
}): Mail {
  const { settings, log } = options;
  const { smtp } = settings;
  return {
    canSend: smtp !== undefined,
    send: async (letter) => {
      if (smtp === undefined) {
        if (isLoopback(settings.host))
          log("warn", `no mail server is set up; ${about(letter)}`, { link: letter.link });
        else log("warn", "no mail server is set up, so a letter could not be sent", { kind: letter.kind });
        return false;
      }
      try {
        const config = {
          ...smtp,
          to: letter.to,
          ...wordsOf(letter),
          timeoutSeconds: WITHIN_SECONDS,
        } as unknown as MailConfig;
        const mail = await composeMail(config, [], `<${randomUUID()}@auraos>`, Date.now());
        const address = await options.addressOf(smtp.host, smtp.port);
        const server = { ...config, address } as Parameters<typeof sendMail>[0];
        await sendMail(server, mail, AbortSignal.timeout(WITHIN_SECONDS * 1000));
        return true;
      } catch (error) {
        log("error", "a letter could not be sent", { kind: letter.kind, reason: (error as Error).message });
        return false;
      }
    },
  };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

function about({ kind, to }: Letter): string {
  return kind === "reset" ? `a new password for ${to}` : `an invitation for ${to}`;
}

function wordsOf({ kind, link, organization }: Letter): { subject: string; text: string } {
  return kind === "reset"
    ? {
        subject: "A new password for AuraOS",
        text: `Somebody asked for a new password for this address. If it was you, choose one within thirty minutes:\n\n${link}\n\nIf it was not you, there is nothing to do.\n`,
      }
    : {
        subject: `You are invited to ${organization ?? "AuraOS"}`,
        text: `You are invited to ${organization ?? "AuraOS"}. Accept within seven days:\n\n${link}\n`,
      };
}
