import { type Profile, profileSchema } from "@/lib/contracts/profile";
import type { Viewer } from "@/lib/contracts/viewer";
import { findSetting, putSetting } from "./settings";

const key = "profile";

/** The viewer's zone, currency and way of moving; what was never set has its default. */
export async function getProfile(viewer: Viewer): Promise<Profile> {
  return profileSchema.parse((await findSetting(viewer, key)) ?? {});
}

export async function putProfile(viewer: Viewer, profile: Profile): Promise<void> {
  await putSetting(viewer, key, profile);
}

/** The viewer's own zone, else that of this machine. */
export async function getTimeZone(viewer: Viewer): Promise<string> {
  const { timeZone } = await getProfile(viewer);
  return timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
