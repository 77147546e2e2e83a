import { samplePerson } from "../lib/demo/sample-days";
import { callApi, expectAccessible } from "./fixtures";
import { allowAtGoogle, connectGoogle, expect, test } from "./sample-installation";

test.use({ ownInstallation: "google" });
test.describe.configure({ mode: "serial" });

const dayMs = 86_400_000;
/** Days in the sample person's zone; the installation's own is UTC. */
const today = new Date(
  new Date().toLocaleString("sv-SE", { timeZone: samplePerson.timeZone }).replace(" ", "T").concat("Z"),
);
const dateIn = (days: number) => new Date(today.getTime() + days * dayMs).toISOString().slice(0, 10);
const tomorrow = dateIn(1);
/** Three days from now, and what that day is called. */
const target = dateIn(3);
const weekday = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" }).format(
  new Date(`${target}T00:00Z`),
);

test("the page says what can be connected, and how to set up what is not", async ({ signedIn, installation }) => {
  await signedIn.goto(`${installation.app.url}/connections`);
  const card = signedIn.getByRole("article", { name: "Google Calendar" });
  await expect(card.getByRole("button", { name: "Connect Google Calendar" })).toBeVisible();
  await expectAccessible(signedIn);
});

test("a person connects Google on Google's own page, and the calendar is there", async ({ signedIn, installation }) => {
  const { google } = installation.accounts;
  await callApi(installation, "PUT", "/api/settings/profile", {
    ...{ timeZone: samplePerson.timeZone, currency: "CAD", transport: "driving" },
  });
  google.control.putEvent(samplePerson.email, {
    summary: "Zebra tour",
    start: { dateTime: `${tomorrow}T15:00:00`, timeZone: samplePerson.timeZone },
    end: { dateTime: `${tomorrow}T16:00:00`, timeZone: samplePerson.timeZone },
  });
  google.control.putEvent(samplePerson.email, {
    summary: "Parrot check-up",
    start: { dateTime: `${tomorrow}T09:00:00`, timeZone: samplePerson.timeZone },
    end: { dateTime: `${tomorrow}T09:30:00`, timeZone: samplePerson.timeZone },
  });
  await connectGoogle(signedIn, installation.app.url, { isWriteWanted: true });
  await expect(signedIn.getByText(/Connected: Google Calendar, robin@example.org/)).toBeVisible();
  await expect(signedIn).toHaveURL(/\/connections$/);
  const made = signedIn.getByRole("article", { name: samplePerson.email });
  await expect(made.getByRole("status")).toContainText("Works.", { timeout: 30_000 });
  await expect(made).toContainText("2 calendars");
});

test("denied at Google is a sentence, and nothing is connected twice", async ({ signedIn, installation }) => {
  await signedIn.goto(`${installation.app.url}/connections`);
  await signedIn.getByRole("button", { name: "Connect Google Calendar" }).click();
  await signedIn.getByRole("button", { name: "Deny" }).click();
  await expect(signedIn.getByText("You did not allow it at Google Calendar. Nothing was connected.")).toBeVisible();
  const { body } = await callApi<{ connections: unknown[] }>(installation, "GET", "/api/connections");
  expect(body.connections).toHaveLength(1);
});

test("“What is on tomorrow?” is answered from the calendar", async ({ signedIn, installation }) => {
  await signedIn.goto(`${installation.app.url}/chat`);
  await signedIn.getByRole("textbox", { name: "Message" }).fill("What is on tomorrow?");
  await signedIn.keyboard.press("Enter");
  const answer = signedIn.getByRole("main");
  await expect(answer).toContainText("15:00–16:00 Zebra tour");
  await expect(answer).toContainText("09:00–09:30 Parrot check-up");
});

test("“Move …” asks with day, time, zone and what overlaps; allowed, it is moved at Google; Undo moves it back", async ({
  signedIn,
  installation,
}) => {
  const { control } = installation.accounts.google;
  const zone = { timeZone: samplePerson.timeZone };
  control.putEvent(samplePerson.email, {
    ...{ summary: "Walrus call", start: { dateTime: `${target}T10:15:00`, ...zone } },
    end: { dateTime: `${target}T10:45:00`, ...zone },
  });
  await expect.poll(async () => (await titlesOn(installation, target)).includes("Walrus call")).toBe(true);
  await signedIn.goto(`${installation.app.url}/chat`);
  await signedIn.getByRole("textbox", { name: "Message" }).fill(`Move my parrot check-up to ${weekday} 10`);
  await signedIn.keyboard.press("Enter");
  const card = signedIn.getByRole("region", { name: /Move "Parrot check-up"/ });
  await expect(card).toContainText("10:00–10:30 America/Toronto");
  await expect(card).toContainText("Walrus call");
  expect(await titlesOn(installation, tomorrow)).toContain("Parrot check-up");
  await card.getByRole("button", { name: "Allow once" }).click();
  await expect(signedIn.getByRole("main")).toContainText("Done: Parrot check-up is on");
  const moved = () => control.events(samplePerson.email).find(({ summary }) => summary === "Parrot check-up");
  expect(moved()?.start?.dateTime).toContain(`${target}T10:00`);
  await signedIn.getByRole("button", { name: /^Undo/ }).click();
  await expect.poll(() => moved()?.start?.dateTime).toContain(`${tomorrow}T09:00`);
});

test("a consent that ended asks for a sign-in, keeps what is there, and is well after it", async ({
  signedIn,
  installation,
}) => {
  const { app, accounts } = installation;
  accounts.google.control.endGrant(samplePerson.email);
  await signedIn.goto(`${app.url}/connections`);
  const card = signedIn.getByRole("article", { name: samplePerson.email });
  await card.getByRole("button", { name: /^Try now/ }).click();
  await expect(card.getByRole("status")).toContainText("no longer accepts", { timeout: 30_000 });
  expect(await titlesOn(installation, tomorrow)).toContain("Zebra tour");
  await card.getByRole("button", { name: /^Sign in again/ }).click();
  await allowAtGoogle(signedIn);
  await expect(card.getByRole("status")).toContainText("Works.", { timeout: 30_000 });
});

test("Disconnect ends it at Google and takes the calendar away here", async ({ signedIn, installation }) => {
  await signedIn.goto(`${installation.app.url}/connections`);
  await signedIn.getByRole("button", { name: `Disconnect: ${samplePerson.email}` }).click();
  await signedIn.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  // Behind an open dialog nothing else can be found, so that alone says nothing.
  await expect(signedIn.getByRole("dialog")).toHaveCount(0);
  await expect(signedIn.getByRole("article", { name: samplePerson.email })).toHaveCount(0);
  expect(installation.accounts.google.control.state.grants.size).toBe(0);
  expect(await titlesOn(installation, tomorrow)).toEqual([]);
});

async function titlesOn(installation: Parameters<typeof callApi>[0], date: string): Promise<string[]> {
  const { body } = await callApi<{ events: { title: string }[] }>(
    installation,
    "GET",
    `/api/calendar/events?from=${date}&to=${date}`,
  );
  return body.events.map(({ title }) => title);
}
