import type { AdapterManifest } from "../../contracts/adapter";

export const manifest: AdapterManifest = {
  id: "google-calendar",
  title: "Google Calendar",
  description: "Your calendars at Google: Burgeon reads them and, if you allow it, adds and changes events.",
  category: "calendar",
  connect: "oauth",
  rights: [
    "See the list of your calendars and their events",
    "Know which Google account it is (its address)",
    "If you allow it when you connect: add, change and delete events. Guests are told by Google",
  ],
  environment: [
    { name: "GOOGLE_CLIENT_ID", what: "Client ID of your Google Cloud project", isRequired: true },
    { name: "GOOGLE_CLIENT_SECRET", what: "Client secret that goes with it", isRequired: true },
    {
      name: "GOOGLE_API_BASE_URL",
      what: "Address of a sample Google; leave it out to use the real one",
      isRequired: false,
    },
  ],
  setup: [
    "Open console.cloud.google.com, make a project and enable the Google Calendar API in it",
    "Under Google Auth Platform, fill in Branding, choose the audience External and add your own address as a test user",
    "Under Clients, create a client of the type Web application with the redirect address {redirectUri}",
    "Put its ID and secret into GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET and start Burgeon again",
    "When it works, publish the app under Audience: while it is in Testing, Google ends each connection after seven days",
  ],
  // Push tells of changes where it can be used; this is for installations that Google cannot reach.
  syncEveryMs: 10 * 60_000,
};
