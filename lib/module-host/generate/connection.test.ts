import { describe, expect, it } from "vitest";
import { toolNameOf } from "@/lib/contracts/module";
import { generateFrom, generateOf } from "./testing";

const paths = {
  "/things": {
    get: {
      operationId: "listThings",
      summary: "List things",
      responses: {
        "200": {
          description: "",
          content: { "application/json": { schema: { type: "array", items: { type: "string" } } } },
        },
      },
    },
  },
};
const base = { openapi: "3.0.0", info: { title: "Things" }, paths };
const manifestOf = (document: unknown, url: string | null = "https://docs.example/openapi.json") =>
  JSON.parse(generateFrom(document, "", url).files["manifest.json"] ?? "");
const connectionOf = (document: unknown, url?: string | null) => manifestOf(document, url).connections.things;

describe("the address of a connection", () => {
  it.each([
    [
      "a relative one counts from the document",
      [{ url: "../v2/" }],
      "https://docs.example/api/openapi.json",
      "https://docs.example/v2",
    ],
    [
      "none at all means the document's root",
      undefined,
      "https://docs.example/api/openapi.json",
      "https://docs.example",
    ],
    [
      "production over https comes before others",
      [{ url: "https://staging.x.example" }, { url: "http://x.example" }, { url: "https://x.example/v1" }],
      null,
      "https://x.example/v1",
    ],
    ["what is public is asked over https", [{ url: "http://x.example/v1" }], null, "https://x.example/v1"],
    ["a machine at home may have http", [{ url: "http://192.168.1.5:8080/" }], null, "http://192.168.1.5:8080"],
    [
      "variables have their defaults",
      [
        {
          url: "https://{a}.x.example:{port}/{v}",
          variables: { a: { default: "eu" }, port: { enum: ["8443"] }, v: { default: "v3" } },
        },
      ],
      null,
      "https://eu.x.example:8443/v3",
    ],
    ["user, query and fragment are left out", [{ url: "https://u:p@x.example/a?b=c#d" }], null, "https://x.example/a"],
    [
      "other protocols are passed over",
      [{ url: "file:///etc/passwd" }, { url: "javascript:alert(1)" }, { url: "https://x.example" }],
      null,
      "https://x.example",
    ],
  ])("%s", (_, servers, url, expected) => {
    expect(connectionOf({ ...base, servers }, url).baseUrl).toBe(expected);
  });
});

describe("the credential of a connection", () => {
  const servers = [{ url: "https://x.example" }];
  const authOf = (scheme: unknown, security: unknown = [{ s: [] }]) => {
    const manifest = manifestOf({ ...base, servers, security, components: { securitySchemes: { s: scheme } } });
    return {
      auth: manifest.connections.things.auth,
      credentials: manifest.credentials,
      description: manifest.description,
    };
  };

  it("is taken from the scheme that the operations name", () => {
    expect(authOf({ type: "apiKey", in: "query", name: "appid" }).auth).toEqual({
      kind: "api_key",
      in: "query",
      name: "appid",
      credential: "api_key",
    });
    expect(authOf({ type: "http", scheme: "Bearer", description: "Make one under *Settings*" })).toMatchObject({
      auth: { kind: "bearer" },
      credentials: [{ label: "Things access token", help: "Make one under *Settings*." }],
    });
    expect(
      authOf({ type: "apiKey", in: "header", name: "Authorization", description: 'Send "Token <key>"' }).auth,
    ).toMatchObject({
      kind: "api_key",
      prefix: "Token ",
    });
    expect(
      authOf({ type: "apiKey", in: "header", name: "Authorization", description: "Bearer <token>" }).auth.kind,
    ).toBe("bearer");
    expect(authOf({ type: "http", scheme: "basic" }).credentials).toHaveLength(2);
  });

  it("is a token of the person's own where the service signs people in", () => {
    const { auth, credentials } = authOf({
      type: "oauth2",
      flows: {
        authorizationCode: { authorizationUrl: "https://x.example/a", tokenUrl: "https://x.example/t", scopes: {} },
      },
    });
    expect(auth.kind).toBe("bearer");
    expect(credentials[0].help).toMatch(/OAuth/);
  });

  it("is none where none is asked for, and what cannot be done is said", () => {
    expect(authOf({ type: "http", scheme: "bearer" }, [{}]).auth).toEqual({ kind: "none" });
    expect(authOf({ type: "http", scheme: "digest" })).toMatchObject({
      auth: { kind: "none" },
      description: expect.stringMatching(/cannot do/),
    });
  });

  it("is found in a parameter that is named like a key", () => {
    const parameters = [{ name: "X-Api-Key", in: "header", required: true, schema: { type: "string" } }];
    const document = { ...base, servers, paths: { "/things": { get: { ...paths["/things"].get, parameters } } } };
    expect(connectionOf(document).auth).toMatchObject({ kind: "api_key", in: "header", name: "X-Api-Key" });
  });

  it("of a pasted reply is found in the person's words", () => {
    const auth = (wish: string) =>
      JSON.parse(
        generateOf({ kind: "json", sample: [{ id: 1 }], url: "https://x.example/v1/items", origin: "pasted" }, { wish })
          .files["manifest.json"] ?? "",
      ).connections.x.auth;
    expect(auth("The key goes in the header X-My-Key")).toMatchObject({
      kind: "api_key",
      in: "header",
      name: "X-My-Key",
    });
    expect(auth("it wants a bearer token")).toMatchObject({ kind: "bearer" });
    expect(auth("no key needed")).toEqual({ kind: "none" });
  });
});

describe("the name of a module", () => {
  it.each([
    ["Library API", "books", "library"],
    ["The Open Weather REST API v2", "weather", "weather"],
    ["Acme", "custom", "acme"],
    ["日本", "custom", "example"],
  ])("%s", (title, category, name) => {
    const { plan } = generateFrom(
      { ...base, info: { title }, servers: [{ url: "https://api.example.com" }] },
      "",
      null,
    );
    expect(plan).toMatchObject({ category, name });
  });

  it("leaves room for the operation in the name of a tool, and is the person's when given", () => {
    const operationId = "retrieveEveryThingOfTheWholeOrganizationalUnitAndItsChildrenRecursively";
    const long = {
      ...base,
      info: { title: "Extraordinarily Comprehensive Organizational Management Platform" },
      servers: [{ url: "https://x.example" }],
      paths: { "/a": { get: { ...paths["/things"].get, operationId } } },
    };
    const manifest = manifestOf(long);
    for (const operation of Object.keys(manifest.operations))
      expect(toolNameOf(manifest, operation).length).toBeLessThanOrEqual(64);
    const { source } = generateFrom({ ...base, servers: [{ url: "https://x.example" }] });
    expect(generateOf(source, { wish: "", category: "my-things", name: "mine" }).plan).toMatchObject({
      category: "my-things",
      name: "mine",
    });
  });
});
