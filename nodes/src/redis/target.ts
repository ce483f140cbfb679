// Which Redis is meant, read from its address.
import { wrongParameter } from "../readConfig.ts";

export type Target = {
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  database: number;
  isEncrypted: boolean;
};

export function targetOf(text: string): Target {
  const url = URL.parse(text);
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === "" || url.search !== "" || url.hash !== "")
    throw wrongParameter("connection", "must be an address such as redis://user:password@host:6379/0.");
  const database = url.pathname === "" || url.pathname === "/" ? "0" : url.pathname.slice(1);
  if (!/^\d{1,5}$/.test(database))
    throw wrongParameter("connection", "must end in the number of a database.");
  const part = (given: string) => {
    try {
      return given === "" ? undefined : decodeURIComponent(given);
    } catch {
      throw wrongParameter(
        "connection",
        "has a user or password that is not well encoded.",
        "Percent-encode them.",
      );
    }
  };
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 6379 : Number(url.port),
    user: part(url.username),
    password: part(url.password),
    database: Number(database),
    isEncrypted: url.protocol === "rediss:",
  };
}
