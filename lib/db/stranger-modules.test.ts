import * as askTogether from "./ask-together";
import * as audit from "./audit";
import * as builds from "./builds";
import * as caller from "./caller";
import * as client from "./client";
import * as health from "./health";
import * as migrate from "./migrate";
import * as modelKeys from "./model-keys";
import * as moduleCalls from "./module-calls";
import * as moduleVersions from "./module-versions";
import * as modules from "./modules";
import * as notice from "./notice";
import * as offeredModules from "./offered-modules";
import * as rateBuckets from "./rate-buckets";
import * as secrets from "./secrets";
import * as settings from "./settings";
import * as statement from "./statement";
import * as storableJson from "./storable-json";
import { buildCallId, moduleCall, type Planted, sampleVersion, secret } from "./testing-owner";
import { type Attempts, finds, mixed, notFound, notHeld, own, systemOnly, testStrangers } from "./testing-stranger";
import * as tokens from "./tokens";
import * as users from "./users";

const { scope, name } = secret;
const wish = { wish: "x" };
const at = { category: "gaming", name: "test-game" };
const token = { name: "x", prefix: "bgn_x", scopes: ["chat"] as const, expiresAt: new Date(Date.now() + 86_400_000) };
const switchOff = () => ({ action: "module-disabled", module: { state: "disabled" as const } });
const failedCall = ({ module, run }: Planted) => moduleCall(module.moduleId, module.digest, run.runId);

// The owner asks in this order, too: what takes something away comes last in its group.
const attempts: Attempts = {
  "audit.listAudit": finds([], (who) => audit.listAudit(who)),
  "audit.listAudit: of one subject": finds([], (who, { module }) => audit.listAudit(who, { subject: module.moduleId })),
  "audit.findBrokenAudit": finds(null, (who, { owner }) => audit.findBrokenAudit(who, owner.userId)),
  "audit.findBrokenAudit: in one's own chain": finds(null, async (who) => {
    await audit.appendAudit(who, { action: "thing-done", subject: "thing" });
    return audit.findBrokenAudit(who, who.userId);
  }),
  "audit.appendAudit": own((who) => audit.appendAudit(who, { action: "thing-done", subject: "thing" })),

  "builds.getBuild": notFound((who, { build }) => builds.getBuild(who, build.buildId)),
  "builds.findBuildOfCall": finds(null, (who, { run }) => builds.findBuildOfCall(who, run.runId, buildCallId)),
  "builds.findBuildStep": finds(undefined, (who, { build }) => builds.findBuildStep(who, build.buildId, "plan")),
  "builds.findBuildConversation": finds(null, (who, { build }) => builds.findBuildConversation(who, build.buildId)),
  "builds.createBuild": own((who) => builds.createBuild(who, wish, {})),
  "builds.createBuild: in the owner's conversation": notFound((who, { run: { conversationId } }) =>
    builds.createBuild(who, wish, { conversationId }),
  ),
  "builds.createBuild: for a call of the owner's run": notFound((who, { run: { runId } }) =>
    builds.createBuild(who, wish, { parentRunId: runId, callId: "new" }),
  ),
  "builds.createBuild: for a call of the owner's run that has one": notFound((who, { run: { runId } }) =>
    builds.createBuild(who, wish, { parentRunId: runId, callId: buildCallId }),
  ),
  "builds.updateBuild": notHeld((who, { build }) => builds.updateBuild(who, build, { attempts: 3 })),
  "builds.updateBuild: the owner's, under one's own claim": mixed(
    notHeld((_, { build: { buildId }, neighbour }) =>
      builds.updateBuild(neighbour.viewer, { ...neighbour.build, buildId }, { attempts: 3 }),
    ),
  ),
  "builds.updateBuild: one's own, under the owner's claim": mixed(
    notHeld((_, { build, neighbour }) =>
      builds.updateBuild(neighbour.viewer, { ...build, buildId: neighbour.build.buildId }, { attempts: 3 }),
    ),
  ),
  "builds.saveBuildStep": finds(undefined, (who, { build }) => builds.saveBuildStep(who, build.buildId, "check:1", {})),

  "module-versions.listVersionRows": finds([], (who, { module }) =>
    moduleVersions.listVersionRows(who, module.moduleId),
  ),
  "module-versions.listActiveVersions": finds(new Map(), (who) => moduleVersions.listActiveVersions(who)),
  "module-versions.listNewestVersions": finds(new Map(), (who) => moduleVersions.listNewestVersions(who)),
  "module-versions.findVersion": finds(null, (who, { module }) =>
    moduleVersions.findVersion(who, module.moduleId, module.digest),
  ),
  "offered-modules.listOfferedModules": finds([], (who) => offeredModules.listOfferedModules(who)),
  "module-calls.listRecentCalls": finds(new Map(), (who) => moduleCalls.listRecentCalls(who)),
  "module-calls.recordModuleCall": finds(false, (who, mine) => moduleCalls.recordModuleCall(who, failedCall(mine))),
  "modules.listModuleRows": finds([], (who) => modules.listModuleRows(who)),
  "modules.findModuleRow": finds(null, (who) => modules.findModuleRow(who, at.category, at.name)),
  "modules.getModuleRow": notFound((who) => modules.getModuleRow(who, at.category, at.name)),
  "modules.saveVersion": own((who) => modules.saveVersion(who, sampleVersion("sha256:3"))),
  "modules.saveVersion: the bytes of the owner's": mixed(
    own((who, { module }) => modules.saveVersion(who, sampleVersion(module.waitingDigest))),
  ),
  "modules.noteModuleProblem": own((who) => modules.noteModuleProblem(who, { ...at, title: "x" }, "It is unreadable.")),
  "modules.noteModuleProblem: that there is none": finds([], async (who) => {
    await modules.noteModuleProblem(who, { ...at, title: "x" }, null);
    return modules.listModuleRows(who);
  }),
  "modules.changeModule": notFound((who) => modules.changeModule(who, at, switchOff)),

  "secrets.findSecret": finds(null, (who) => secrets.findSecret(who, scope, name)),
  "secrets.listSecrets": finds([], (who) => secrets.listSecrets(who, scope)),
  "secrets.listSecretNames": finds([], (who) => secrets.listSecretNames(who, scope)),
  "secrets.putSecret": own((who) => secrets.putSecret(who, { ...secret, sealed: Buffer.from("x") })),
  "secrets.storeSealed": own((who) =>
    statement.inTransaction((client) => secrets.storeSealed(who, { ...secret, sealed: Buffer.from("y") }, client)),
  ),
  "secrets.removeSecrets": finds(0, (who) => secrets.removeSecrets(who, scope)),

  "model-keys.listModelKeys": finds([], (who) => modelKeys.listModelKeys(who)),
  "ask-together.askTogether": finds(null, (who) =>
    askTogether.askTogether(who, `SELECT value FROM "Setting" WHERE "userId" = $1 LIMIT 1`),
  ),

  "settings.findSetting": finds(null, (who) => settings.findSetting(who, "animal")),
  "settings.putSetting": own((who) => settings.putSetting(who, "animal", "horse")),

  "tokens.listTokenRows": finds([], (who) => tokens.listTokenRows(who)),
  "tokens.insertToken": own((who) => tokens.insertToken(who, { ...token, hash: who.userId })),
  "tokens.revokeTokenRow": notFound((who, { tokenId }) => tokens.revokeTokenRow(who, tokenId)),
};

const spared = [
  // Before it is known who asks: at sign-in, at the first run, at the door of a request.
  ...systemOnly({
    "users.hasUsers": users.hasUsers,
    "users.createFirstUser": users.createFirstUser,
    "users.createUser": users.createUser,
    "users.findAccountByEmail": users.findAccountByEmail,
    "users.findOwner": users.findOwner,
    "users.findSessionUser": users.findSessionUser,
    "users.endSession": users.endSession,
    "tokens.findTokenUser": tokens.findTokenUser,
    "rate-buckets.takeFromBucket": rateBuckets.takeFromBucket,
    "rate-buckets.returnToBucket": rateBuckets.returnToBucket,
  }),
  // About the installation: is it well, and does its key fit what is stored?
  ...systemOnly({
    "health.readDatabaseHealth": health.readDatabaseHealth,
    "secrets.hasSecretsOfOtherKeys": secrets.hasSecretsOfOtherKeys,
    "secrets.countSecretsByKey": secrets.countSecretsByKey,
    "secrets.listStaleSecrets": secrets.listStaleSecrets,
    "secrets.replaceSealed": secrets.replaceSealed,
  }),
  // Tells a worker to look at the folder of modules; takes nothing and gives nothing.
  "modules.requestScan",
  // The way to the database, on which the functions above stand; it knows of no person.
  ...["client.prisma", "client.pool", "client.dedicatedConnection", "client.closeDatabase"],
  ...[
    "statement.execute",
    "statement.executeOn",
    "statement.inTransaction",
    "statement.isDatabaseOutage",
    "secrets.inVaultTurn",
    "migrate.migrate",
  ],
  // Only turn what they are given into something else.
  ...[
    "notice.isoTimeSql",
    "notice.noticeSql",
    "notice.noticeTextSql",
    "caller.userIdOf",
    "modules.moduleNotFound",
    "storable-json.toStorableJson",
    "storable-json.toStorableText",
  ],
];

testStrangers({
  part: "modules",
  rooms: {
    "ask-together": askTogether,
    audit,
    builds,
    caller,
    client,
    health,
    migrate,
    "model-keys": modelKeys,
    "module-calls": moduleCalls,
    "module-versions": moduleVersions,
    modules,
    notice,
    "offered-modules": offeredModules,
    "rate-buckets": rateBuckets,
    secrets,
    settings,
    statement,
    "storable-json": storableJson,
    tokens,
    users,
  },
  attempts,
  spared,
});
