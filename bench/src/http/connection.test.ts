// The client of the load: replies in pieces, several in a row, and connections that end.
import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { after, test } from "node:test";
import { openConnection, requestText } from "./connection.ts";

const sockets: Socket[] = [];
const server = createServer((socket) => {
  sockets.push(socket);
  socket.on("data", (data) => {
    const path = data.toString("utf8").split(" ")[1];
    if (path === "/end") return void socket.end();
    if (path === "/empty") return void socket.write("HTTP/1.1 204 No Content\r\n\r\n");
    socket.write("HTTP/1.1 200 OK\r\nContent-Len");
    setTimeout(() => socket.write("gth: 5\r\n\r\nhe"), 5);
    setTimeout(() => socket.write("llo"), 10);
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as { port: number };
after(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

test("a reply in pieces is one reply, and the connection stays", async () => {
  const connection = await openConnection(port);
  for (const path of ["/one", "/two"])
    assert.deepEqual(await connection.send(requestText(port, "POST", path, { a: "b" }, "{}")), {
      status: 200,
      body: "hello",
    });
  const reply = await connection.send(requestText(port, "POST", "/empty", {}, ""));
  assert.deepEqual(reply, { status: 204, body: "" });
  connection.close();
});

test("a connection that ends says so, to the request under way and to the next one", async () => {
  const connection = await openConnection(port);
  await assert.rejects(connection.send(requestText(port, "POST", "/end", {}, "")), /closed/);
  await assert.rejects(connection.send(requestText(port, "POST", "/one", {}, "")), /closed/);
});
