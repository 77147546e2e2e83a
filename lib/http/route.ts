import type { z } from "zod";
import { findSessionOwner } from "@/lib/auth/session";
import { findTokenViewer } from "@/lib/auth/tokens";
import { toViewer } from "@/lib/auth/viewer";
import { AppError } from "@/lib/contracts/errors";
import type { Scope, Viewer } from "@/lib/contracts/viewer";
import { toErrorResponse, toInvalid } from "./error-response";
import { requireSameOrigin } from "./origin";
import { readBody } from "./read-body";
import { apiPolicy, setSecurityHeaders } from "./security-headers";

type Caller = "viewer" | "none" | "provider";

interface RouteSpec<Auth extends Caller, Body, Query, Params> {
  /**
   * `viewer`: a session or a token is needed. `none`: anybody; what changes something still has to come from our own page.
   * `provider`: another service, which proves who it is in the handler, and is believed nothing else.
   */
  auth: Auth;
  /** The right a token must have. */
  scope?: Scope;
  body?: Body;
  /** How large a body may be; 2 MB when left out. */
  maxBodyBytes?: number;
  query?: Query;
  params?: Params;
}

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

export interface RouteInput<Auth extends Caller, Body, Query, Params> {
  viewer: Auth extends "viewer" ? Viewer : null;
  body: Output<Body>;
  query: Output<Query>;
  params: Output<Params>;
  request: Request;
}

type NextContext = { params: Promise<Record<string, string | string[] | undefined>> };

const readMethods = ["GET", "HEAD"];

/**
 * The door of every route: who asks, may they, is it from our own page, is the input of the promised shape; then the handler;
 * then its failure as the one JSON shape. Nothing is cached, and every answer carries the security headers.
 */
export function route<
  Auth extends Caller,
  Body extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | undefined = undefined,
  Params extends z.ZodType | undefined = undefined,
>(
  spec: RouteSpec<Auth, Body, Query, Params>,
  handle: (input: RouteInput<Auth, Body, Query, Params>) => Promise<Response>,
): (request: Request, context: NextContext) => Promise<Response> {
  return async (request, context) => {
    const response = await answer(request, context).catch((cause: unknown) => toErrorResponse(cause, request));
    setSecurityHeaders(response.headers, apiPolicy);
    if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
    return response;
  };

  async function answer(request: Request, context: NextContext): Promise<Response> {
    const viewer = spec.auth === "viewer" ? await requireCaller(request, spec.scope) : null;
    if (spec.auth === "none" && !readMethods.includes(request.method)) requireSameOrigin(request);
    const query = parse(spec.query, Object.fromEntries(new URL(request.url).searchParams), "query");
    const params = parse(spec.params, await context.params, "address");
    const body = spec.body ? await readBody(request, spec.body, spec.maxBodyBytes) : undefined;
    return handle({ viewer, body, query, params, request } as RouteInput<Auth, Body, Query, Params>);
  }
}

async function requireCaller(request: Request, scope: Scope | undefined): Promise<Viewer> {
  const viewer = await findCaller(request);
  const isRead = readMethods.includes(request.method);
  if (scope !== undefined && !viewer.scopes.includes(scope))
    throw new AppError("forbidden", `This token may not do that: it lacks the right "${scope}".`, {
      hint: "Create a token with that right in Settings › Tokens.",
    });
  if (viewer.role === "viewer" && !isRead)
    throw new AppError("forbidden", "Your role can look at everything and change nothing.");
  return viewer;
}

async function findCaller(request: Request): Promise<Viewer> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1];
    const viewer = token === undefined ? null : await findTokenViewer(token);
    if (viewer) return viewer;
    throw new AppError("auth-required", "The token is not valid: unknown, revoked or expired.", {
      hint: "Create a new one in Settings › Tokens.",
    });
  }
  const user = await findSessionOwner(request.headers);
  if (!user)
    throw new AppError("auth-required", "Sign in first.", { hint: "Open Burgeon in a browser, or send an API token." });
  if (!readMethods.includes(request.method)) requireSameOrigin(request);
  return toViewer(user);
}

function parse(schema: z.ZodType | undefined, value: unknown, what: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw toInvalid(parsed.error, what);
  return parsed.data;
}
