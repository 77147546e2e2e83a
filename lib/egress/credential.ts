import type { ConnectionAuth } from "@/lib/contracts/module";
import { isException } from "./address";
import { type AccessToken, clientCredentialsToken, type TokenRequest } from "./client-credentials";
import { Refusal } from "./refusal";

/** What is added to a request so that the API knows who asks, and what must not come back from it. */
export interface AddedCredential {
  headers: Record<string, string>;
  query: Record<string, string>;
  /** Every value that is taken out of the answer. */
  secrets: string[];
  /** Of OAuth only: may be renewed once when the API refuses it. */
  token?: AccessToken;
}

interface CredentialCall {
  auth: ConnectionAuth;
  credentials: Readonly<Record<string, string>>;
  tokenScope: string;
  options: TokenRequest["options"];
}

/** Headers that frame the message; a credential in one of them would make two servers read it differently. */
const framingHeaders =
  /^(host|connection|content-.*|transfer-encoding|upgrade|te|trailer|keep-alive|expect|proxy-.*)$/i;
/** A user name or client id is shown on pages and is often an ordinary word; only a long one may be a key in disguise. */
const longIdentifier = 16;

/** @throws Refusal when a credential is missing or cannot be sent safely; EgressError when a token cannot be had */
export async function createCredential(call: CredentialCall): Promise<AddedCredential> {
  const { auth } = call;
  const read = (name: string) => readCredential(call.credentials, name);
  switch (auth.kind) {
    case "none":
      return { headers: {}, query: {}, secrets: [] };
    case "api_key": {
      const secret = read(auth.credential);
      const value = `${auth.prefix ?? ""}${secret}`;
      if (auth.in === "query") return { headers: {}, query: { [auth.name]: value }, secrets: [secret, value] };
      if (framingHeaders.test(auth.name)) throw new Refusal(`The header ${auth.name} cannot carry a credential`);
      return { headers: { [auth.name.toLowerCase()]: value }, query: {}, secrets: [secret, value] };
    }
    case "bearer": {
      const secret = read(auth.credential);
      return { headers: { authorization: `Bearer ${secret}` }, query: {}, secrets: [secret] };
    }
    case "basic": {
      const [username, password] = [read(auth.username), read(auth.password)];
      if (username.includes(":")) throw new Refusal("A user name for basic auth may not hold a colon");
      const encoded = Buffer.from(`${username}:${password}`).toString("base64");
      const secrets = [password, encoded, ...secretIdentifier(username)];
      return { headers: { authorization: `Basic ${encoded}` }, query: {}, secrets };
    }
    case "oauth2_client_credentials":
      return createTokenCredential(call, auth, read);
  }
}

async function createTokenCredential(
  call: CredentialCall,
  auth: Extract<ConnectionAuth, { kind: "oauth2_client_credentials" }>,
  read: (name: string) => string,
): Promise<AddedCredential> {
  requireHttps(new URL(auth.tokenUrl), call.options.allow);
  const client = { clientId: read(auth.clientId), clientSecret: read(auth.clientSecret) };
  const token = await clientCredentialsToken({ auth, client, scope: call.tokenScope, options: call.options });
  const secrets = [client.clientSecret, token.accessToken, ...secretIdentifier(client.clientId)];
  return { headers: { authorization: `Bearer ${token.accessToken}` }, query: {}, secrets, token };
}

/** Module traffic is encrypted, but to an address that the person who runs Burgeon excepted by name. */
export function requireHttps(url: URL, allow: readonly string[] | undefined): void {
  if (url.protocol !== "https:" && !isException(url, allow))
    throw new Refusal(`Modules reach ${url.host} over https only`);
}

function readCredential(credentials: Readonly<Record<string, string>>, name: string): string {
  const value = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  if (!value) throw new Refusal(`The credential "${name}" is not set`);
  if (/[^\t\u0020-\u007e\u0080-\u00ff]/.test(value))
    throw new Refusal(`The credential "${name}" holds characters that cannot be sent; enter it again`);
  return value;
}

function secretIdentifier(value: string): string[] {
  return value.length >= longIdentifier && !value.includes("@") ? [value] : [];
}
