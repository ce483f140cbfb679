// A mail server for tests: takes letters, and has the manners that the test asks for.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export type Letter = { from: string; to: string[]; data: string; user?: string };
export type Manners = {
  refuse?: (recipient: string) => string | undefined;
  onData?: "drop" | string;
  hang?: boolean;
};

/** `letters` is what it took. */
export type MailServer = { letters: Letter[]; port: number; close(): void };

export async function mailServer(manners: Manners = {}): Promise<MailServer> {
  const letters: Letter[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    let letter: Letter = { from: "", to: [], data: "" };
    let isData = false;
    let pending = "";
    const say = (line: string) => socket.write(`${line}\r\n`);
    if (!manners.hang) say("220 test");
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1");
      for (;;) {
        const end = pending.indexOf(isData ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const part = pending.slice(0, end);
        pending = pending.slice(end + (isData ? 5 : 2));
        if (isData) {
          isData = false;
          if (manners.onData === "drop") return socket.destroy();
          if (manners.onData !== undefined) {
            say(manners.onData);
            continue;
          }
          letters.push({ ...letter, data: part.replace(/^\.\./gm, ".") });
          say("250 queued as 7");
        } else command(part);
      }
    });
    function command(line: string): void {
      const [, address = ""] = /<(.*?)>/.exec(line) ?? [];
      if (/^EHLO/i.test(line)) say("250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME");
      else if (/^AUTH PLAIN/i.test(line)) {
        const [, user = "", password = ""] = Buffer.from(line.slice(11), "base64").toString().split("\0");
        if (password !== "right") return void say("535 no");
        letter.user = user;
        say("235 ok");
      } else if (/^MAIL/i.test(line)) {
        letter = { ...letter, from: address, to: [] };
        say("250 ok");
      } else if (/^RCPT/i.test(line)) {
        const refusal = manners.refuse?.(address);
        if (refusal === undefined) letter.to.push(address);
        say(refusal ?? "250 ok");
      } else if (/^DATA/i.test(line)) {
        isData = true;
        say("354 go on");
      } else say("250 ok");
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    letters,
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
