import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A sample service: the same shape as an adapter's fake, a function from Request to Response with state inside. */
export type SampleService = (request: Request) => Promise<Response>;

/**
 * Serves a sample service on loopback over real HTTP. Port 0 picks a free one.
 * @returns the origin, such as `http://127.0.0.1:4310`, and a function that stops it
 */
export async function serveSample(
  service: SampleService,
  port: number,
): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers))
      if (typeof value === "string") headers.set(name, value);
    const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method,
      headers,
      body: hasBody ? Buffer.concat(chunks) : undefined,
    });
    const response = await service(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

/** A JSON reply. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json", ...headers } });
}

/** The error body that both sample services use. */
export function problem(status: number, code: string, message: string, headers: Record<string, string> = {}): Response {
  return json({ code, message }, status, headers);
}
