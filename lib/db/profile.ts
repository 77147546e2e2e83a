import { type Profile, profileSchema } from "@/lib/contracts/profile";
import type { Viewer } from "@/lib/contracts/viewer";
import { findSetting, putSetting } from "./settings";

const key = "profile";
/** Of the process, which keeps it for its life; asking costs as much as a small statement. */
const machineZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The viewer's zone, currency and way of moving; what was never set has its default. */
export async function getProfile(viewer: Viewer): Promise<Profile> {
  return profileSchema.parse((await findSetting(viewer, key)) ?? {});
}

export async function putProfile(viewer: Viewer, profile: Profile): Promise<void> {
  await putSetting(viewer, key, profile);
}

/** The viewer's own zone, else that of this machine. */
export async function getTimeZone(viewer: Viewer): Promise<string> {
  return zoneOf(await getProfile(viewer));
}

/** The same of a profile that was read already. */
export function zoneOf({ timeZone }: Profile): string {
  return timeZone ?? machineZone;
}
