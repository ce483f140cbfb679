// How much may be asked for: by one address, with one key or session, in one organization. The address is looked at before
// anything else happens, the other two as soon as it is known who asks. The command line of this machine is not counted.
import type { NextFunction, Request, Response } from "express";
import type { Caller } from "../platform/caller.ts";
import { type ClientAddress, clientKey } from "../platform/clientAddress.ts";
import { sendRefusal } from "../platform/http.ts";
import type { Log } from "../platform/log.ts";
import { createRateLimiter } from "../platform/rateLimiter.ts";
import type { Settings } from "../platform/settings.ts";

export type RequestLimits = {
  /** The first layer of the server. */
  door(request: Request, response: Response, next: NextFunction): void;
  /** Throws 429. */
  count(caller: Caller): void;
};

export function createRequestLimits(options: {
  settings: Pick<Settings, "addressPerMinute" | "credentialPerMinute" | "organizationPerMinute">;
  clientOf: ClientAddress;
  nowMs: () => number;
  log: Log;
}): RequestLimits {
  const { settings, clientOf, nowMs, log } = options;
  const addresses = createRateLimiter({
    ...{ perMinute: settings.addressPerMinute, what: "from this address", nowMs },
  });
  const credentials = createRateLimiter({
    ...{ perMinute: settings.credentialPerMinute, what: "with this key or session", nowMs },
  });
  const organizations = createRateLimiter({
    ...{ perMinute: settings.organizationPerMinute, what: "in this organization", nowMs },
  });
  return {
    door(request, response, next) {
      try {
        addresses.take(clientKey(clientOf(request)));
      } catch (error) {
        sendRefusal(response, error, log, "too many requests");
        return;
      }
      next();
    },
    count({ via, credentialId, orgId }) {
      if (via === "local" || credentialId === null) return;
      credentials.take(credentialId);
      if (orgId !== "") organizations.take(orgId);
    },
  };
}
