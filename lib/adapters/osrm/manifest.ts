import type { AdapterManifest } from "../../contracts/adapter";

export const manifest: AdapterManifest = {
  id: "osrm",
  title: "OSRM",
  description: "Ways and travel times by car, by bicycle and on foot, on the map of OpenStreetMap.",
  category: "navigation",
  connect: "none",
  rights: ["Tells the routing server where a way begins and ends, and nothing about you."],
  environment: [
    {
      name: "OSRM_BASE_URL",
      what: "Another server than routing.openstreetmap.de; {profile} in it stands for car, bike or foot",
      isRequired: false,
    },
  ],
  setup: [],
  syncEveryMs: null,
};
