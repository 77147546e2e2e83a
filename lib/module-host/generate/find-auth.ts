import type { ConnectionAuth, ModuleCredential } from "@/lib/contracts/module";
import { getText, isObject, type JsonObject, listOf } from "./json-value";
import { type ApiOperation, resolveReference } from "./open-api";
import { plainText } from "./quote";

export interface AuthChoice {
  auth: ConnectionAuth;
  credentials: ModuleCredential[];
  /** What the document asks for and Burgeon cannot do; null when all is well. */
  problem: string | null;
}

const none: AuthChoice = { auth: { kind: "none" }, credentials: [], problem: null };
const keyHeader = /^(x-)?([a-z]+-)*(api-?key|apikey|app-?key|auth-?(token|key)|access-?token|token|key|secret)$/i;
const keyQuery = /^(api_?key|apikey|app_?id|appid|access_?token|auth_?token|key|token|subscription-key)$/i;

/**
 * How to prove who asks, out of the document's security schemes: the first alternative that most of the chosen operations
 * share and that Burgeon can do. Without any scheme, a parameter that is named like a key.
 */
export function findAuth(
  document: JsonObject,
  operations: ApiOperation[],
  title: string,
  serverUrl: string,
): AuthChoice {
  const schemes =
    isObject(document.components) && isObject(document.components.securitySchemes)
      ? document.components.securitySchemes
      : {};
  const help = helpOf(document);
  const wanted: string[][] = [];
  for (const operation of operations) wanted.push(...alternativesOf(operation.security ?? document.security));
  const unsupported: string[] = [];
  const isFree = wanted.length > 0 && wanted.every((names) => names.length === 0);
  const candidates = wanted.filter((names) => names.length > 0);
  // A document that lists schemes but never says where they apply means everywhere.
  if (candidates.length === 0 && !isFree)
    candidates.push(
      ...Object.keys(schemes)
        .slice(0, 10)
        .map((name) => [name]),
    );
  const single = candidates.filter((names) => names.length === 1);
  for (const [name = ""] of [...single, ...candidates.filter((names) => names.length > 1)]) {
    const scheme = resolveReference(document, Object.hasOwn(schemes, name) ? schemes[name] : undefined).value;
    const choice = scheme ? readScheme(scheme, title, serverUrl, help) : null;
    if (choice) return choice;
    if (scheme) unsupported.push(describeScheme(scheme));
  }
  const named = findKeyParameter(operations);
  if (named) return keyChoice(named, title, joinHelp(named.description, help));
  if (unsupported.includes(signIn))
    return bearerChoice(title, "The API signs people in with OAuth. Make an access token there and enter it here.");
  const [problem] = unsupported;
  return problem ? { ...none, problem } : none;
}

function alternativesOf(security: unknown): string[][] {
  return listOf(security)
    .filter(isObject)
    .map((requirement) => Object.keys(requirement));
}

function readScheme(scheme: JsonObject, title: string, serverUrl: string, fallbackHelp: string): AuthChoice | null {
  const help = joinHelp(getText(scheme, "description"), fallbackHelp);
  const type = getText(scheme, "type");
  const name = getText(scheme, "name");
  const place = getText(scheme, "in");
  if (type === "apiKey" && (place === "header" || place === "query")) {
    if (place === "header" && name.toLowerCase() === "authorization") return bearerOrPrefix(scheme, title, help);
    return /^[A-Za-z0-9_.-]{1,100}$/.test(name) ? keyChoice({ in: place, name }, title, help) : null;
  }
  if (type === "http" && getText(scheme, "scheme").toLowerCase() === "bearer") return bearerChoice(title, help);
  if (type === "http" && getText(scheme, "scheme").toLowerCase() === "basic") return basicChoice(title, help);
  if (type === "oauth2") return oauthChoice(scheme, title, serverUrl, help);
  return null;
}

/** A key in the Authorization header: the description tells what stands before it. */
function bearerOrPrefix(scheme: JsonObject, title: string, help: string): AuthChoice {
  const prefix = /\b(Token|Bearer|ApiKey|Key|Api-Key)\b[ :=]*[`'"<{]?(?=[\w<{ ])/.exec(
    getText(scheme, "description"),
  )?.[1];
  if (prefix === "Bearer") return bearerChoice(title, help);
  const choice = keyChoice({ in: "header", name: "Authorization" }, title, help);
  return prefix && choice.auth.kind === "api_key"
    ? { ...choice, auth: { ...choice.auth, prefix: `${prefix} ` } }
    : choice;
}

export function keyChoice(key: { in: "header" | "query"; name: string }, title: string, help: string): AuthChoice {
  return {
    auth: { kind: "api_key", in: key.in, name: key.name, credential: "api_key" },
    credentials: [credential("api_key", `${title.replace(/\s+API$/i, "")} API key`, help)],
    problem: null,
  };
}

export function bearerChoice(title: string, help: string): AuthChoice {
  return {
    auth: { kind: "bearer", credential: "access_token" },
    credentials: [credential("access_token", `${title} access token`, help)],
    problem: null,
  };
}

export function basicChoice(title: string, help: string): AuthChoice {
  return {
    auth: { kind: "basic", username: "username", password: "password" },
    credentials: [credential("username", `${title} user name`, help), credential("password", `${title} password`, "")],
    problem: null,
  };
}

function oauthChoice(scheme: JsonObject, title: string, serverUrl: string, help: string): AuthChoice | null {
  const flow = isObject(scheme.flows) ? scheme.flows.clientCredentials : undefined;
  const tokenUrl = getText(flow, "tokenUrl");
  if (!URL.canParse(tokenUrl, serverUrl)) return null;
  const address = new URL(tokenUrl, serverUrl);
  if (tokenUrl === "" || !/^https?:$/.test(address.protocol) || address.username || address.password) return null;
  const scope = Object.keys(isObject(flow) && isObject(flow.scopes) ? flow.scopes : {})
    .filter((name) => /^[\x21-\x7e]+$/.test(name))
    .join(" ");
  return {
    auth: {
      kind: "oauth2_client_credentials",
      tokenUrl: address.href,
      clientId: "client_id",
      clientSecret: "client_secret",
      ...(scope !== "" && scope.length <= 500 ? { scope } : {}),
    },
    credentials: [
      credential("client_id", `${title} client ID`, help),
      credential("client_secret", `${title} client secret`, ""),
    ],
    problem: null,
  };
}

function credential(name: string, label: string, help: string): ModuleCredential {
  return { name, label: plainText(label, 100), ...(help ? { help } : {}) };
}

function findKeyParameter(
  operations: ApiOperation[],
): { in: "header" | "query"; name: string; description: string } | null {
  for (const operation of operations)
    for (const parameter of operation.parameters)
      if (isKeyParameter(parameter) && (parameter.in === "header" || parameter.in === "query"))
        return { in: parameter.in, name: parameter.name, description: parameter.description };
  return null;
}

/** A parameter that carries a credential although it is not declared as one. */
export function isKeyParameter(parameter: { name: string; in: string; isRequired: boolean }): boolean {
  if (parameter.in === "header") return keyHeader.test(parameter.name);
  return parameter.in === "query" && keyQuery.test(parameter.name) && parameter.isRequired;
}

function joinHelp(...parts: string[]): string {
  return plainText(
    parts
      .map((part) => plainText(part, 300))
      .filter(Boolean)
      .map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`))
      .join(" "),
    300,
  );
}

/** The sentence of the document that tells about keys. */
function helpOf(document: JsonObject): string {
  const text = plainText(getText(document.info, "description"), 2000);
  return (
    text
      .split(/(?<=[.!?])\s+/)
      .find((sentence) => /\b(api[- ]?keys?|keys?|tokens?|credentials?)\b/i.test(sentence) && sentence.length < 250) ??
    ""
  );
}

const signIn = "sign-in";

function describeScheme(scheme: JsonObject): string {
  if (/^(oauth2|openIdConnect)$/.test(getText(scheme, "type"))) return signIn;
  if (getText(scheme, "in") === "cookie")
    return "The API takes its key as a cookie, which modules cannot send; requests are sent without a key.";
  return "The API proves who asks in a way that modules cannot do; requests are sent without a key.";
}
