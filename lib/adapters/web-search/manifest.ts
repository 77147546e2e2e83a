import type { AdapterManifest } from "../../contracts/adapter";

export const manifest: AdapterManifest = {
  id: "web-search",
  title: "Web search",
  description: "Finds pages on the web, through a search service of your choice.",
  category: "search",
  connect: "none",
  rights: ["Tells the search service what is searched for, and nothing about you."],
  environment: [
    { name: "WEB_SEARCH_PROVIDER", what: "Which service: searxng, serper or brave", isRequired: true },
    { name: "SEARXNG_BASE_URL", what: "Address of your SearXNG, for searxng", isRequired: false },
    { name: "SERPER_API_KEY", what: "Key from serper.dev, for serper", isRequired: false },
    { name: "BRAVE_API_KEY", what: "Key from api-dashboard.search.brave.com, for brave", isRequired: false },
    { name: "SERPER_BASE_URL", what: "Another server than google.serper.dev", isRequired: false },
    { name: "BRAVE_BASE_URL", what: "Another server than api.search.brave.com", isRequired: false },
  ],
  setup: [
    "Choose a service: SearXNG runs on your own machine and needs no key; Serper and Brave give you a key after you sign up",
    "For SearXNG, add json to search.formats in its settings.yml, and name its host and port in BURGEON_EGRESS_ALLOW if it is in your own network",
    "Put the service into WEB_SEARCH_PROVIDER, its address or key into the variable that goes with it, and start Burgeon again",
  ],
  syncEveryMs: null,
};
