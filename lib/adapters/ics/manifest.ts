import type { AdapterManifest } from "../../contracts/adapter";

export const manifest: AdapterManifest = {
  id: "ics",
  title: "Calendar feed",
  description:
    "Any calendar that can be read at an address, such as one of iCloud, Outlook, Fastmail or a sports club.",
  category: "calendar",
  connect: "url",
  rights: ["See the events of the calendar at this address. Nothing can be changed there."],
  environment: [],
  setup: [],
  syncEveryMs: 60 * 60_000,
};
