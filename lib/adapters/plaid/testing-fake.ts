import type { AdapterFake } from "../../contracts/adapter";
import { answer, FakeFailure, failures } from "./testing-answers";
import { type PlaidFakeOptions, SampleBank } from "./testing-bank";
import { createControl, type FakeFault, type PlaidFakeControl } from "./testing-control";
import { linkDialogPage, linkScript } from "./testing-link-script";
import { type RequestBody, routes } from "./testing-routes";

/**
 * Plaid in a box: the same protocol with made-up banks, state and faults inside. It is what tests, the demo and browser tests
 * talk to, so that the true client runs everywhere.
 */
export function createPlaidFake(options: PlaidFakeOptions = {}): { fetch: AdapterFake; control: PlaidFakeControl } {
  const bank = new SampleBank(options);
  const faults: FakeFault[] = [];
  const requests: { path: string; body: RequestBody }[] = [];
  const keys = { clientId: options.clientId ?? "sample-client", secret: options.secret ?? "sample-secret" };
  const control = createControl(bank, faults, requests);

  const answerCall = async (request: Request, path: string): Promise<Response> => {
    const body = await readBody(request);
    requests.push({ path, body });
    const clientId = request.headers.get("plaid-client-id") ?? body.client_id;
    const secret = request.headers.get("plaid-secret") ?? body.secret;
    if (clientId !== keys.clientId || secret !== keys.secret) throw failures.invalidKeys();
    const version = request.headers.get("plaid-version");
    if (version !== null && version !== "2020-09-14") throw failures.invalidField("Plaid-Version is not supported");
    const fault = takeFault(faults, path);
    if (fault !== null && "before" in fault) await fault.before();
    else if (fault !== null) return fault.response();
    bank.passDays();
    const route = routes[path];
    if (!route) throw failures.invalidField(`the fake does not know ${path}`);
    return answer(route(bank, body));
  };

  return {
    control,
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      try {
        if (request.method === "GET") return answerPage(bank, pathname, searchParams);
        if (request.method !== "POST") return new Response(null, { status: 405 });
        return await answerCall(request, pathname);
      } catch (error) {
        if (error instanceof FakeFailure) return error.toResponse();
        throw error;
      }
    },
  };
}

async function readBody(request: Request): Promise<RequestBody> {
  try {
    const body: unknown = await request.json();
    if (typeof body === "object" && body !== null) return body as RequestBody;
  } catch {
    // Answered like any other body that is not an object.
  }
  throw failures.invalidField("body could not be parsed as JSON");
}

/** The next fault for a path, if its turn has come. */
function takeFault(faults: FakeFault[], path: string): FakeFault["effect"] | null {
  const fault = faults.find((candidate) => candidate.path === null || candidate.path === path);
  if (!fault) return null;
  if (fault.skip > 0) {
    fault.skip--;
    return null;
  }
  fault.times--;
  if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
  return fault.effect;
}

/** What the browser asks for: the dialog in the place of Plaid's own. */
function answerPage(bank: SampleBank, pathname: string, query: URLSearchParams): Response {
  const script = { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-store" };
  if (pathname === "/link/v2/stable/link-initialize.js") return new Response(linkScript, { headers: script });
  if (pathname === "/link/finish-update.js") {
    bank.desk.finishUpdate(query.get("id") ?? "");
    return new Response("", { headers: script });
  }
  if (pathname === "/link/dialog")
    return new Response(linkDialogPage, { headers: { "content-type": "text/html; charset=utf-8" } });
  return new Response("Sample bank", { status: pathname === "/" ? 200 : 404 });
}
