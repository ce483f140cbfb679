// Turns what sockets, TLS and undici throw into failures that say what happened, whether another attempt may help,
// and whether the request can have had an effect.
//
// Invariant: `notDone` is said only when no byte of any request of this call was handed to a connection.

import type { Failure } from "@auraos/kernel";
import { ActivityError } from "@auraos/nodes/defineNode.ts";
import type { Call } from "./exchange.ts";
import { AddressRefused } from "./guardedConnector.ts";

export function outboundError(
  call: Call,
  failure: Omit<Failure, "certainty" | "message"> & { message: string },
): ActivityError {
  return new ActivityError({ ...failure, certainty: call.started ? "unknown" : "notDone" });
}

export function toOutboundError(error: unknown, call: Call): ActivityError {
  if (error instanceof ActivityError) return error;
  const code = codeOf(error);
  const { method, host } = call;
  const known = networkFailure(code, call) ?? tlsFailure(code, host) ?? localFailure(error, code, host);
  if (known) return outboundError(call, known);
  return outboundError(call, {
    code: "NETWORK_ERROR",
    class: "network",
    message: `${method} to ${host} failed: ${error instanceof Error ? error.message : String(error)}`,
    retryable: true,
    detail: { cause: code },
  });
}

type Known = Omit<Failure, "certainty">;

function networkFailure(code: string, { host, answered }: Call): Known | undefined {
  if (code === "ENOTFOUND" || code === "ENODATA" || code.startsWith("EAI_")) {
    return {
      code: "DNS_FAILED",
      class: "network",
      message: `The name ${host} could not be resolved.`,
      remedy: "Check the spelling of the host and that this server reaches a DNS resolver.",
      retryable: true,
    };
  }
  switch (code) {
    case "ECONNREFUSED":
      return {
        code: "CONNECTION_REFUSED",
        class: "network",
        message: `${host} refused the connection.`,
        remedy: "Check the port, and that the service is running.",
        retryable: true,
      };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
      return {
        code: "UNREACHABLE",
        class: "network",
        message: `There is no route to ${host}.`,
        remedy: "Check the network of this server, and firewalls between it and the service.",
        retryable: true,
      };
    case "UND_ERR_CONNECT_TIMEOUT":
    case "ETIMEDOUT":
      return {
        code: "CONNECT_TIMEOUT",
        class: "timeout",
        message: `${host} did not accept a connection in time.`,
        remedy: "Check host and port, and firewalls between this server and the service.",
        retryable: true,
      };
    case "UND_ERR_SOCKET":
      if (answered) return truncated(host);
      return reset(host);
    case "ECONNRESET":
    case "EPIPE":
      return reset(host);
    case "UND_ERR_RES_CONTENT_LENGTH_MISMATCH":
    case "HPE_INVALID_EOF_STATE":
      return truncated(host);
    case "UND_ERR_HEADERS_OVERFLOW":
    case "HPE_HEADER_OVERFLOW":
      return {
        code: "HEADERS_TOO_LARGE",
        class: "limit",
        message: `The response headers of ${host} are too large.`,
      };
  }
  if (!code.startsWith("HPE_")) return undefined;
  return {
    code: "INVALID_RESPONSE",
    class: "server",
    message: `${host} answered with something that is not HTTP.`,
    remedy: "Check the port, and whether the service expects https.",
    detail: { cause: code },
  };
}

function reset(host: string): Known {
  return {
    code: "CONNECTION_RESET",
    class: "network",
    message: `${host} closed the connection before the response was complete.`,
    remedy: "Try again; if it keeps happening, look at the logs of the service.",
    retryable: true,
  };
}

function truncated(host: string): Known {
  return {
    code: "BODY_TRUNCATED",
    class: "network",
    message: `The response of ${host} ended before it was complete.`,
    remedy: "Try again; if it keeps happening, look at the logs of the service.",
    retryable: true,
  };
}

const tlsCodes: Record<string, { code: string; message: string } | undefined> = {
  CERT_HAS_EXPIRED: { code: "TLS_EXPIRED", message: "its certificate has expired" },
  CERT_NOT_YET_VALID: { code: "TLS_NOT_YET_VALID", message: "its certificate is not valid yet" },
  ERR_TLS_CERT_ALTNAME_INVALID: { code: "TLS_NAME_MISMATCH", message: "its certificate is for another name" },
  DEPTH_ZERO_SELF_SIGNED_CERT: { code: "TLS_UNTRUSTED", message: "its certificate is signed by itself" },
  SELF_SIGNED_CERT_IN_CHAIN: {
    code: "TLS_UNTRUSTED",
    message: "its certificate is not signed by a known authority",
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    code: "TLS_UNTRUSTED",
    message: "its certificate is not signed by a known authority",
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    code: "TLS_UNTRUSTED",
    message: "it does not send the whole certificate chain",
  },
};

function tlsFailure(code: string, host: string): Known | undefined {
  const known = tlsCodes[code];
  if (known) {
    return {
      code: known.code,
      class: "network",
      message: `There is no safe connection to ${host}: ${known.message}.`,
      remedy: "Mend the certificate of the service, or name its authority in NODE_EXTRA_CA_CERTS.",
    };
  }
  if (code !== "EPROTO" && !code.startsWith("ERR_SSL_") && !code.startsWith("ERR_TLS_")) return undefined;
  return {
    code: "TLS_FAILED",
    class: "network",
    message: `There is no safe connection to ${host}: the TLS handshake failed.`,
    remedy: "Check the port, and whether the service expects http.",
    detail: { cause: code },
  };
}

function localFailure(error: unknown, code: string, host: string): Known | undefined {
  if (error instanceof AddressRefused) {
    return {
      code: "ADDRESS_REFUSED",
      class: "client",
      message: `${host} leads to a private, local or reserved address; workflows may not reach those.`,
      remedy: `If this is meant, add ${error.hostname}:${error.port} to AURAOS_ALLOW_HOSTS.`,
    };
  }
  if (code === "UND_ERR_DESTROYED" || code === "UND_ERR_CLOSED") {
    return {
      code: "SHUTTING_DOWN",
      class: "cancelled",
      message: "The server is shutting down.",
      retryable: true,
    };
  }
  if (
    code === "UND_ERR_INVALID_ARG" ||
    code === "UND_ERR_NOT_SUPPORTED" ||
    code === "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH"
  ) {
    return {
      code: "INVALID_REQUEST",
      class: "client",
      message: `The request to ${host} cannot be sent: ${error instanceof Error ? error.message : code}.`,
      remedy: "Check method, path and headers for characters that HTTP does not allow.",
    };
  }
  return undefined;
}

/** An `AggregateError` is what several addresses of one name give; the first says enough. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  if (typeof error.code === "string") return error.code;
  return error instanceof Error && error.name === "HTTPParserError" ? "HPE_UNKNOWN" : "";
}
