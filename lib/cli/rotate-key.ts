import { parseArgs } from "node:util";
import { asSystem } from "@/lib/contracts/viewer";
import { appendAudit } from "@/lib/db/audit";
import { findOwner } from "@/lib/db/users";
import { type Rotation, rotateMasterKey } from "@/lib/vault/rotate";
import { print, printJson } from "./print";

/**
 * Seals everything under a new master key and retires the old one. Exit code 1 when something is left under an older key, or when
 * the new key has to come from the person. May be killed at any moment and run again.
 */
export async function rotateKey(args: string[]): Promise<0 | 1> {
  const { values } = parseArgs({ args, options: { json: { type: "boolean" } } });
  const rotation = await rotateMasterKey({ onProgress: tellProgress });
  await recordRotation(rotation);
  const isDone = hasChanged(rotation) && rotation.left.length === 0;
  if (values.json) printJson({ isDone, ...rotation });
  else for (const line of describe(rotation)) print(line);
  return isDone ? 0 : 1;
}

/** A configuration with one key, under which everything is sealed, asks for nothing: there is no other key to rotate to. */
function hasChanged({ isNewKey, rewrapped, retired }: Rotation): boolean {
  return isNewKey || rewrapped > 0 || retired.length > 0;
}

async function recordRotation(rotation: Rotation): Promise<void> {
  const owner = await findOwner(asSystem("cli"));
  if (!owner || !hasChanged(rotation)) return;
  const { keyId, rewrapped, retired, left } = rotation;
  await appendAudit(
    { ...asSystem("cli"), userId: owner.id },
    { action: "master-key-rotated", subject: keyId, detail: { rewrapped, retired, left: left.length } },
  );
}

function describe(rotation: Rotation): string[] {
  const { isOwnFile, rewrapped, retired, left } = rotation;
  if (!hasChanged(rotation) && left.length === 0) return isOwnFile ? ["Nothing was to be done."] : steps;
  const done = `${values(rewrapped)} sealed anew, under the key ${rotation.keyId}.`;
  if (left.length > 0)
    return [...(rewrapped > 0 ? [done] : ["Nothing could be sealed anew."]), ...describeLeft(rotation)];
  if (!isOwnFile)
    return [
      done,
      ...(retired.length > 0
        ? ["Nothing is left under the older keys: take them out of the configuration and start web and worker again."]
        : []),
      backups,
    ];
  return [
    done,
    `${rotation.isNewKey ? "The key is new; nothing" : "The rotation that was begun earlier is finished; nothing"} is left under the old one, which was taken out of the file of keys.`,
    "Burgeon uses the new key from now on and need not be started again.",
    backups,
  ];
}

const backups =
  "A backup of the database from before needs the key of its time; a copy of the key that you keep is old now.";

const steps = [
  "Nothing was changed: everything is sealed with the one key that is configured, and a new one has to come from you.",
  `1. Make one: node -p "crypto.randomBytes(32).toString('base64')"`,
  "   Put it in front of the present one, with a space between them, in BURGEON_MASTER_KEY (or the file that BURGEON_MASTER_KEY_FILE",
  "   names) of web, worker and this command. Start web and worker again.",
  "2. Run this command again. It seals everything with the new key and says when the old one can be taken out.",
];

function describeLeft({ isOwnFile, damaged, left }: Rotation): string[] {
  const unknown = left.filter(({ isConfigured }) => !isConfigured);
  const kept = left.some(({ isConfigured }) => isConfigured);
  return [
    ...damaged.map(({ owner, scope, name }) => `✗ ${scope} ${name} of ${owner} is damaged and cannot be opened.`),
    ...unknown.map(
      ({ keyId, count }) =>
        `✗ ${values(count)} left under the key ${keyId}, which is not configured: add it, and run this again.`,
    ),
    ...(damaged.length > 0 ? ["Enter the damaged values again in Burgeon, or remove them, and run this again."] : []),
    ...(kept ? [`The old key is still needed and stays in the ${isOwnFile ? "file of keys" : "configuration"}.`] : []),
  ];
}

const values = (count: number): string => (count === 1 ? "1 value is" : `${count} values are`);

/** For somebody who waits; a file or a pipe gets the answer only. */
function tellProgress(done: number, total: number): void {
  if (process.stderr.isTTY) process.stderr.write(done === total ? "\r\u001b[K" : `\rsealed anew: ${done} of ${total}`);
}
