// Which database is meant. The address is read here and not by the driver, because a driver would also follow
// settings in it that read files of this machine.
import { wrongParameter } from "../readConfig.ts";

export type Encryption = "verify" | "encrypt" | "none";
export type Target = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  encryption: Encryption;
};

const modes: Record<string, Encryption> = {
  disable: "none",
  require: "encrypt",
  "no-verify": "encrypt",
  "verify-ca": "verify",
  "verify-full": "verify",
};

export function targetOf(text: string, encryption: Encryption | undefined): Target {
  const url = URL.parse(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === "") {
    throw wrongParameter(
      "connection",
      "must be an address such as postgresql://user:password@host:5432/database.",
    );
  }
  let asked: Encryption | undefined;
  for (const [name, value] of url.searchParams) {
    if (name === "application_name" || name === "connect_timeout") continue;
    asked = name === "sslmode" && Object.hasOwn(modes, value) ? modes[value] : undefined;
    if (!asked)
      throw wrongParameter(
        "connection",
        `has the setting ${name}=${value.slice(0, 40)}, which is not known here.`,
      );
  }
  const part = (given: string) => decodeURIComponent(given);
  const user = part(url.username);
  if (user === "") throw wrongParameter("connection", "names no user.");
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 5432 : Number(url.port),
    user,
    password: part(url.password),
    database: part(url.pathname.slice(1)) || user,
    encryption: encryption ?? asked ?? "verify",
  };
}
