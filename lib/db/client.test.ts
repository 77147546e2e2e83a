import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { closeDatabase, dedicatedConnection } from "./client";
import { inTransaction } from "./statement";

/** A message of PostgreSQL's protocol, version 3: its kind, its length, what it says. */
function message(kind: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(kind), length, body]);
}
const welcome = Buffer.concat([message("R", Buffer.alloc(4)), message("Z", Buffer.from("I"))]);
const goodbye = message("E", Buffer.from("SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"));

let server: Server;
let before: string | undefined;
beforeEach(async () => {
  // It takes the connection and ends it, in one packet, as one that is being shut down may.
  server = createServer((socket: Socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(Buffer.concat([welcome, goodbye])));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  before = process.env.DATABASE_URL;
  process.env.DATABASE_URL = `postgres://ann:secret@127.0.0.1:${(server.address() as AddressInfo).port}/burgeon`;
});
afterEach(async () => {
  await closeDatabase();
  server.close();
  process.env.DATABASE_URL = before;
});

// Without a listener from the beginning the error is thrown where nobody can catch it, and the run of the tests fails.
it("a server that ends a connection as it gives it ends no process: a connection of one's own", async () => {
  const client = await dedicatedConnection("test");
  await expect(client.query("SELECT 1")).rejects.toThrow();
  await client.end();
});

it("the same for one of the pool", async () => {
  await expect(inTransaction((client) => client.query({ name: "one", text: "SELECT 1" }))).rejects.toThrow();
});
