// Who may import whom. Default deny: what is not in the table is an error.
const rooms = {
  contracts: [],
  conversation: ["contracts"],
  db: ["contracts", "env", "logger", "finance"],
  vault: ["contracts", "env", "db"],
  egress: ["contracts", "env", "logger"],
  sandbox: ["contracts", "env", "logger"],
  models: ["contracts", "env", "logger", "db", "vault", "egress"],
  "module-host": ["contracts", "env", "logger", "db", "vault", "egress", "sandbox", "models"],
  finance: ["contracts"],
  connections: ["contracts", "env", "logger", "db", "vault", "egress", "adapters"],
  context: ["contracts", "env", "logger", "db", "finance", "connections", "module-host"],
  tools: ["contracts", "env", "logger", "db", "egress", "sandbox", "module-host", "connections", "context", "finance"],
  orchestrator: ["contracts", "conversation", "logger", "db", "tools", "models"],
  evals: ["contracts", "conversation", "models", "module-host", "tools", "orchestrator"],
  worker: [
    ...["contracts", "env", "logger", "db", "auth", "models", "module-host", "orchestrator", "sandbox", "tools"],
    "connections",
  ],
  auth: ["contracts", "env", "logger", "db", "vault"],
  http: ["contracts", "env", "logger", "db", "vault", "auth"],
  cli: ["contracts", "db", "vault", "auth", "http", "models", "module-host", "sandbox", "evals"],
  demo: ["contracts"],
};
const adapterRooms = ["contracts", "env", "logger"];
/** The doors through which pages and routes reach rooms that are otherwise closed to them. */
const appDoors = [
  "^lib/(http|auth|db|contracts|conversation)/",
  "^lib/(env|logger)\\.ts$",
  "^lib/models/(settings|resolve)\\.ts$",
  "^lib/module-host/(views|review|decide|start-build)\\.ts$",
  "^components/",
  "^lib/tools/undo\\.ts$",
  "^lib/connections/(connect|link|disconnect|webhook|views|import-file|refresh-balances)\\.ts$",
  "^lib/connections/calendar/(change-event|event-times)\\.ts$",
  "^lib/context/",
  "^lib/finance/",
];
const test = "(\\.test\\.(ts|tsx|mjs)|/testing[^/]*\\.ts)$";
const file = (name) => (name === "env" || name === "logger" ? `^lib/${name}\\.ts$` : `^lib/${name}/`);
const outside = "^(node:|node_modules/)|^(?!lib/|app/|components/|modules/|scripts/|evals/|e2e/|bench/)[^.]";

module.exports = {
  allowed: [
    ...Object.entries(rooms).flatMap(([room, others]) => [
      { from: { path: `^lib/${room}/` }, to: { path: [`^lib/${room}/`, ...others.map(file)] } },
    ]),
    { from: { path: "^lib/logger\\.ts$" }, to: { path: "^lib/env\\.ts$" } },
    // An adapter knows its own folder and what everybody speaks; the registry alone knows them all.
    {
      from: { path: "^lib/adapters/([^/]+)/" },
      to: { path: ["^lib/adapters/$1/", "^lib/adapters/(ask-json|decode-entities)\\.ts$", ...adapterRooms.map(file)] },
    },
    {
      from: { path: "^lib/adapters/[^/]+\\.ts$" },
      to: { path: ["^lib/adapters/[^/]+/adapter\\.ts$", ...adapterRooms.map(file)] },
    },
    { from: { path: "^(app/|proxy\\.ts)" }, to: { path: ["^app/", ...appDoors] } },
    { from: { path: "^components/" }, to: { path: ["^components/", "^lib/contracts/", "^lib/conversation/"] } },
    // The demo serves the adapters' fakes and knows nothing else of them.
    { from: { path: "^lib/demo/" }, to: { path: "^lib/adapters/[^/]+/testing-fake\\.ts$" } },
    { from: { path: "^modules/sdk/" }, to: { path: "^modules/sdk/" } },
    { from: { path: "^modules/[^/]+/[^/]+/" }, to: { path: "^modules/sdk/(index|test)\\.ts$" } },
    { from: { path: "^modules/([^/]+/[^/]+)/" }, to: { path: "^modules/$1/" } },
    // Tests may reach for what they need; nothing but tests may reach for tests.
    { from: { path: test }, to: {} },
    { from: {}, to: { path: outside } },
  ],
  allowedSeverity: "error",
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "only-db-knows-the-database",
      severity: "error",
      from: { path: "^(app|components|lib)/", pathNot: ["^lib/db/", test] },
      to: { path: "node_modules/(pg|@prisma|prisma)/" },
    },
    {
      name: "only-egress-and-models-send",
      severity: "error",
      from: { path: "^(app|lib)/", pathNot: ["^lib/(egress|models)/", test] },
      to: { path: "node_modules/undici/" },
    },
    {
      name: "googleapis-by-its-calendar-entry",
      comment: "the root costs 121 MB and most of a second",
      severity: "error",
      from: {},
      to: { path: "node_modules/googleapis/", pathNot: "node_modules/googleapis/build/src/apis/calendar/" },
    },
    {
      name: "tests-stay-out-of-the-product",
      severity: "error",
      // The demo serves the adapters' fakes; it is a program of its own.
      from: { path: "^(app|components|lib)/", pathNot: [test, "^lib/demo/"] },
      to: { path: test },
    },
    {
      name: "modules-know-only-the-sdk",
      severity: "error",
      from: { path: "^modules/" },
      to: { path: "^(node:|node_modules/)", pathNot: "node_modules/(vitest|fast-check)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules|lib/db/generated" },
    exclude: { path: "lib/db/generated" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
