import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Problem } from "./problem.mjs";

const readyMs = 90_000;

/** Host, port and public address, from HOST, PORT and BURGEON_URL. */
export function address(env) {
  const port = Number(env.PORT || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Problem(`PORT must be a number from 1 to 65535, not "${env.PORT}".`);
  const host = env.HOST || "127.0.0.1";
  const name = ["0.0.0.0", "::"].includes(host) ? "localhost" : host.includes(":") ? `[${host}]` : host;
  const url = (env.BURGEON_URL || env.NEXTAUTH_URL || `http://${name}:${port}`).replace(/\/+$/, "");
  return { host, port, url };
}

/** Throws a Problem when the port cannot be had, before anything slow begins. */
export function requirePort(host, port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (cause) => reject(new Problem(sentence(cause, host, port))));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

/** Resolves when the web answers that it is ready; throws a Problem when that takes too long. */
export async function waitUntilReady(host, port) {
  const name = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  const until = Date.now() + readyMs;
  let last = "no answer";
  while (Date.now() < until) {
    try {
      const response = await fetch(`http://${name}:${port}/api/health/ready`, { signal: AbortSignal.timeout(5_000) });
      const text = await response.text();
      if (response.status === 200) return;
      last = `${response.status} ${text.slice(0, 300)}`;
    } catch (cause) {
      last = cause.cause?.code ?? cause.message;
    }
    await delay(100);
  }
  throw new Problem(`The web did not become ready within ${readyMs / 1000} s; its last answer: ${last}`);
}

function sentence(cause, host, port) {
  if (cause.code === "EADDRINUSE")
    return `Port ${port} on ${host} is taken by another program: stop it, or choose another with PORT=${port + 1} npm start.`;
  if (cause.code === "EACCES")
    return `Port ${port} needs more rights than this account has: choose one above 1023 with PORT=3000 npm start.`;
  if (cause.code === "EADDRNOTAVAIL" || cause.code === "ENOTFOUND")
    return `HOST=${host} is not an address of this machine.`;
  return `Burgeon cannot listen on ${host}:${port}: ${cause.message}.`;
}
