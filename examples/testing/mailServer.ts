// A mail server that takes everything and keeps it, for examples that send mail.
import { type AddressInfo, createServer, type Socket } from "node:net";

export type MailServer = { port: number; mails: string[]; close(): Promise<void> };

export async function startMailServer(): Promise<MailServer> {
  const mails: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => open.delete(socket));
    serve(socket, mails);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function serve(socket: Socket, mails: string[]): void {
  let rest = "";
  let isInMail = false;
  socket.write("220 example\r\n");
  socket.on("data", (chunk) => {
    rest += chunk;
    for (;;) {
      const end = isInMail ? rest.indexOf("\r\n.\r\n") : rest.indexOf("\r\n");
      if (end < 0) return;
      const text = rest.slice(0, end);
      rest = rest.slice(end + (isInMail ? 5 : 2));
      if (isInMail) {
        mails.push(text);
        isInMail = false;
        socket.write("250 taken\r\n");
      } else {
        isInMail = /^DATA/i.test(text);
        if (/^QUIT/i.test(text)) socket.end("221 bye\r\n");
        else socket.write(isInMail ? "354 go on\r\n" : "250 ok\r\n");
      }
    }
  });
}
