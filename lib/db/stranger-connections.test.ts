import * as calendarStore from "./calendar/calendar-store";
import * as calendars from "./calendar/calendars";
import * as eventRow from "./calendar/event-row";
import * as calendarEvents from "./calendar/events";
import * as connectAttempts from "./connect-attempts";
import * as connections from "./connections";
import * as ending from "./ending";
import * as jobs from "./jobs";
import * as lock from "./lock";
import * as metrics from "./metrics";
import * as places from "./places";
import * as profile from "./profile";
import * as pushChannels from "./push-channels";
import { account, attempt, channelId, plainEvent, zooCalendar } from "./testing-owner-connections";
import { type Attempts, finds, notFound, own, systemOnly, testStrangers } from "./testing-stranger";

const span = {
  ...{ from: new Date("2026-11-30T00:00Z"), to: new Date("2026-12-01T00:00Z") },
  ...{ fromDate: "2026-11-30", toDate: "2026-12-01" },
};
const defaultProfile = { timeZone: null, currency: "CAD", transport: "driving" } as const;
const sealed = { scope: "connection:x", name: "tokens", sealed: Buffer.from("new"), keyId: "k" };
const change = { calendarId: zooCalendar.id, isFull: false, upserts: [plainEvent], removed: [], cursor: "new" };
const channel = { id: "chan_new", calendarId: "x", resourceId: "x", tokenHash: "x", expiresAt: new Date() };

// The owner asks in this order, too: what takes something away comes last.
const attempts: Attempts = {
  "connections.listConnectionRows": finds([], (who) => connections.listConnectionRows(who)),
  "connections.getConnectionRow": notFound((who, { connected }) =>
    connections.getConnectionRow(who, connected.connectionId),
  ),
  "connections.findConnectionOfKey": finds(null, (who) =>
    connections.findConnectionOfKey(who, account.adapter, account.accountKey),
  ),
  "connections.listHoldings": finds([], (who) => connections.listHoldings(who)),
  "connections.saveConnection": own((who) =>
    connections.saveConnection(who, { ...account, title: "x", isWriteAllowed: false }),
  ),
  "connections.replaceTokens": finds(false, (who, { connected }) =>
    connections.replaceTokens(who, connected.connectionId, { tokenVersion: 2, sealed }),
  ),
  "connections.recordTry": finds(false, (who, { connected }) =>
    connections.recordTry(who, connected.connectionId, { isGood: true, warning: null, nextInMs: 1 }),
  ),
  "connections.adjustConnection": notFound((who, { connected }) =>
    connections.adjustConnection(who, connected.connectionId, { isDueNow: true }),
  ),
  "calendar/calendars.listCalendars": finds([], (who) => calendars.listCalendars(who)),
  "calendar/calendars.getCalendar": notFound((who, { connected }) => calendars.getCalendar(who, connected.calendarId)),
  "calendar/calendars.showCalendar": notFound((who, { connected }) =>
    calendars.showCalendar(who, connected.calendarId, true),
  ),
  "calendar/events.listEvents": finds([], (who) => calendarEvents.listEvents(who, span)),
  "calendar/events.searchEvents": finds([], (who) => calendarEvents.searchEvents(who, "zebra", 5, new Date())),
  "calendar/events.getEventPlace": notFound((who, { connected }) =>
    calendarEvents.getEventPlace(who, connected.eventId),
  ),
  "calendar/events.findEventId": finds(null, (who, { connected }) =>
    calendarEvents.findEventId(who, connected.calendarId, plainEvent.id),
  ),
  "calendar/calendar-store.calendarStore": notFound((who, { connected }) =>
    calendarStore.calendarStore(who, connected.connectionId).commit(change),
  ),
  "calendar/calendar-store.calendarStore: cursor": finds(null, (who, { connected }) =>
    calendarStore.calendarStore(who, connected.connectionId).cursor(zooCalendar.id),
  ),
  "calendar/calendar-store.calendarStore: calendars": finds([], (who, { connected }) =>
    calendarStore.calendarStore(who, connected.connectionId).saveCalendars([zooCalendar]),
  ),
  "calendar/calendar-store.putEvent": notFound((who, { connected }) =>
    calendarStore.putEvent(who, connected.calendarId, plainEvent),
  ),
  "push-channels.listChannels": finds([], (who, { connected }) =>
    pushChannels.listChannels(who, connected.connectionId),
  ),
  "push-channels.saveChannel": own((who, { connected }) =>
    pushChannels.saveChannel(who, { ...channel, connectionId: connected.connectionId }),
  ),
  "push-channels.dropChannel": own((who, { owner }) => pushChannels.dropChannel(who, `${channelId}_${owner.userId}`)),
  "connect-attempts.saveAttempt": own((who) =>
    connectAttempts.saveAttempt(who, {
      ...attempt,
      ...{ stateHash: `mine ${who.userId}`, connectionId: null },
      ...{ sealedVerifier: Buffer.from("x"), keyId: "k", redirectUri: "x" },
    }),
  ),
  "connect-attempts.useAttempt": finds(null, (who, { owner }) =>
    connectAttempts.useAttempt(who, { ...attempt, stateHash: `${attempt.stateHash} ${owner.userId}` }),
  ),
  "profile.getProfile": finds(defaultProfile, (who) => profile.getProfile(who)),
  "profile.getTimeZone": finds(Intl.DateTimeFormat().resolvedOptions().timeZone, (who) => profile.getTimeZone(who)),
  "profile.putProfile": own((who) => profile.putProfile(who, defaultProfile)),
  "places.listPlaces": finds([], (who) => places.listPlaces(who)),
  "places.putPlace": own((who) =>
    places.putPlace(who, { name: "x", aliases: [], label: "x", latitude: 0, longitude: 0, timeZone: null }),
  ),
  "places.deletePlace": notFound((who, { connected }) => places.deletePlace(who, connected.placeId)),
  "calendar/calendar-store.dropEvent": own((who, { connected }) =>
    calendarStore.dropEvent(who, connected.calendarId, plainEvent.id),
  ),
  "ending.markEnding": notFound((who, { connected }) => ending.markEnding(who, connected.connectionId, false)),
  "ending.deleteConnection": finds(false, (who, { connected }) =>
    ending.deleteConnection(who, connected.connectionId, { isProviderTold: true }),
  ),
};

const spared = [
  // Providers and schedules know no person of ours: Burgeon itself looks whose it is.
  ...systemOnly({
    "connections.findConnectionOfAccount": connections.findConnectionOfAccount,
    "connections.listDueConnections": connections.listDueConnections,
    "connect-attempts.dropOldAttempts": connectAttempts.dropOldAttempts,
    "connect-attempts.dropAttemptsOfOtherKeys": connectAttempts.dropAttemptsOfOtherKeys,
    "push-channels.findChannel": pushChannels.findChannel,
    "jobs.listJobQueues": jobs.listJobQueues,
    "jobs.workOnJobs": jobs.workOnJobs,
    "metrics.readMetrics": metrics.readMetrics,
  }),
  // A job names a person and a connection, and does nothing when the two do not belong together.
  "jobs.requestSync",
  ...[
    "lock.withLock",
    "lock.isLocked",
    "lock.heldLocksSql",
    "connections.secretScopeOf",
    "calendar/event-row.toEventView",
    "profile.zoneOf",
  ],
];

testStrangers({
  part: "connections",
  rooms: {
    "calendar/calendar-store": calendarStore,
    "calendar/calendars": calendars,
    "calendar/event-row": eventRow,
    "calendar/events": calendarEvents,
    "connect-attempts": connectAttempts,
    connections,
    ending,
    jobs,
    lock,
    metrics,
    places,
    profile,
    "push-channels": pushChannels,
  },
  attempts,
  spared,
});
