import type { AdapterManifest } from "../../contracts/adapter";

export const manifest: AdapterManifest = {
  id: "open-meteo",
  title: "Open-Meteo",
  description: "Weather now, by the hour and for seven days, for any place in the world.",
  category: "weather",
  connect: "none",
  rights: ["Tells Open-Meteo the name or the coordinates of a place that you ask about, and nothing about you."],
  environment: [
    { name: "OPEN_METEO_BASE_URL", what: "Another server for forecasts than api.open-meteo.com", isRequired: false },
    {
      name: "OPEN_METEO_GEOCODING_URL",
      what: "Another server for place names than geocoding-api.open-meteo.com",
      isRequired: false,
    },
  ],
  setup: [],
  syncEveryMs: null,
};
