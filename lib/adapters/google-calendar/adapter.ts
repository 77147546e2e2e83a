import type { Adapter } from "../../contracts/adapter";
import { missingClient, oauth } from "./auth";
import { manifest } from "./manifest";
import { push, webhook } from "./push";
import { syncCalendar } from "./sync";
import { writer } from "./write";

/** Google Calendar: sign-in, reading, changing, and being told of changes. */
export const googleCalendar: Adapter = {
  manifest,
  missing: missingClient,
  oauth,
  syncCalendar,
  writer,
  push,
  webhook,
};
