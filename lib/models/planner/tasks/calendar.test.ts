import { describe, expect, it } from "vitest";
import { converse, ownTools as tools } from "../testing";

// The system text of these conversations says that it is Tuesday, 24 November 2026.
const event = (title: string) => ({
  event: {
    ...{ event_id: "cev_1", title, when: "Fri 27 Nov 2026, 10:00–11:00 Europe/Berlin", calendar: "Ann" },
    start: { at: "2026-11-27T09:00:00Z", timeZone: "Europe/Berlin" },
    end: { at: "2026-11-27T10:00:00Z", timeZone: "Europe/Berlin" },
  },
  version: "1",
});
const answer = ({ tool }: { tool: string }) => {
  if (tool === "current_time") return { date: "2026-11-24", time: "14:05:09" };
  return tool === "delete_event" ? { deleted: true, title: "Dentist" } : event("Dentist");
};
const say = async (...messages: string[]) => (await converse(messages, tools, answer)).calls;

describe("what people say of their calendar", () => {
  it.each([
    ["Move my dentist to Friday 10", { event: "dentist", start: "2026-11-27T10:00" }],
    ["move the budget review to tomorrow at 3", { event: "budget review", start: "2026-11-25T15:00" }],
    ["Reschedule my dentist appointment to 3 December at 9:30", { event: "dentist", start: "2026-12-03T09:30" }],
    ["please push the stand-up to Monday 4pm", { event: "stand-up", start: "2026-11-30T16:00" }],
    [
      "Could you move lunch with Ann to next Friday from 12:30 to 2pm?",
      { event: "lunch with Ann", start: "2026-11-27T12:30", end: "2026-11-27T14:00" },
    ],
  ])("%s", async (message, input) => {
    expect(await say(message)).toEqual([{ tool: "update_event", input }]);
  });

  it.each([
    [
      "Add a weekend trip on Friday at 5pm",
      { title: "weekend trip", start: "2026-11-27T17:00", end: "2026-11-27T18:00" },
    ],
    ["Add Plan tomorrow at 9", { title: "Plan", start: "2026-11-25T09:00", end: "2026-11-25T10:00" }],
    [
      "Put lunch with Ann on Friday at 12:30",
      { title: "lunch with Ann", start: "2026-11-27T12:30", end: "2026-11-27T13:30" },
    ],
    [
      "Add dentist tomorrow at 10 to my calendar",
      { title: "dentist", start: "2026-11-25T10:00", end: "2026-11-25T11:00" },
    ],
    [
      "Schedule a call with Tom on Monday from 9 to 9:45",
      { title: "call with Tom", start: "2026-11-30T09:00", end: "2026-11-30T09:45" },
    ],
    [
      "Book the gym for tomorrow 7am for 90 minutes",
      { title: "gym", start: "2026-11-25T07:00", end: "2026-11-25T08:30" },
    ],
    [
      "Create an event called Board meeting on 3 December at 14:00 for 2 hours",
      { title: "Board meeting", start: "2026-12-03T14:00", end: "2026-12-03T16:00" },
    ],
    [
      "Book the night train on Friday from 22:00 to 7:30",
      { title: "night train", start: "2026-11-27T22:00", end: "2026-11-28T07:30" },
    ],
    [
      "Book the night train on Friday from 22:00 to 6:30",
      { title: "night train", start: "2026-11-27T22:00", end: "2026-11-28T06:30" },
    ],
    [
      "Schedule the training on Friday from 9 to 5",
      { title: "training", start: "2026-11-27T09:00", end: "2026-11-27T17:00" },
    ],
    [
      "Schedule the concert on Friday from 8pm to 10",
      { title: "concert", start: "2026-11-27T20:00", end: "2026-11-27T22:00" },
    ],
    [
      "Schedule the concert on Friday from 7 to 9pm",
      { title: "concert", start: "2026-11-27T19:00", end: "2026-11-27T21:00" },
    ],
    ["Schedule lunch on Friday from 10 to 2pm", { title: "lunch", start: "2026-11-27T10:00", end: "2026-11-27T14:00" }],
    ["Schedule a run on Friday at 06:30", { title: "run", start: "2026-11-27T06:30", end: "2026-11-27T07:30" }],
  ])("%s", async (message, input) => {
    expect(await say(message)).toEqual([{ tool: "create_event", input }]);
  });

  it.each([
    ["Move my dentist to Tuesday at 16:30", "update_event", "2026-11-24T16:30"],
    ["Move my dentist to Tuesday at 10", "update_event", "2026-12-01T10:00"],
    ["Put lunch on this Tuesday at 15:00", "create_event", "2026-11-24T15:00"],
    ["Put lunch on Tuesday at noon", "create_event", "2026-12-01T12:00"],
  ])("the day of the week that it is, by the clock (14:05): %s", async (message, tool, start) => {
    expect(await say(message)).toEqual([
      { tool: "current_time", input: {} },
      { tool, input: expect.objectContaining({ start }) },
    ]);
  });

  it.each([
    ["Cancel my dentist appointment", "dentist"],
    ["Remove the budget review from my calendar", "budget review"],
  ])("%s", async (message, name) => {
    expect(await say(message)).toEqual([{ tool: "delete_event", input: { event: name } }]);
  });

  it("a missing time is asked for, and the reply goes on", async () => {
    const asked = await converse(["Move my dentist to Friday"], tools, answer);
    expect(asked.answer).toMatch(/time/);
    const moved = { tool: "update_event", input: { event: "dentist", start: "2026-11-27T10:00" } };
    expect(await say("Move my dentist to Friday", "10")).toEqual([moved]);
    expect(await say("Move my dentist to Friday", "at 10 please")).toEqual([moved]);
    expect(await say("Put Oma's birthday on 3 December", "all day")).toEqual([
      { tool: "create_event", input: { title: "Oma's birthday", start: "2026-12-03", end: "2026-12-03" } },
    ]);
  });

  it.each([
    ["What is on tomorrow?", { from: "2026-11-25", to: "2026-11-25" }],
    ["What's on my calendar on Friday?", { from: "2026-11-27", to: "2026-11-27" }],
    ["Show my appointments next week", { from: "2026-11-30", to: "2026-12-06" }],
    ["Do I have any meetings today?", { from: "2026-11-24", to: "2026-11-24" }],
  ])("%s", async (message, input) => {
    expect(await say(message)).toEqual([{ tool: "list_events", input: expect.objectContaining(input) }]);
  });

  it.each([
    "Do not cancel my dentist appointment",
    "Remember that the dentist is on Friday at 10",
    "Add 3 and 4",
    "Add a note: call Tom on Friday at 10",
  ])("changes no calendar: %s", async (message) => {
    const calls = await say(message);
    expect(calls.filter(({ tool }) => /_event$/.test(tool))).toEqual([]);
  });
});
