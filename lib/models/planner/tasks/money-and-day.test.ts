import { describe, expect, it } from "vitest";
import { converse, ownTools as tools } from "../testing";

const money = (minor: number) => ({ amount_minor: minor, currency: "CAD", text: `CA$${(minor / 100).toFixed(2)}` });
const total = { currency: "CAD", count: 3, money_in: money(0), spent: money(12_345), net: money(-12_345) };
const outputs: Record<string, object> = {
  query_finance: {
    ...{ period: { from: "2026-10-01", to: "2026-10-31" }, group_by: "category", count: 3, totals: [total] },
    ...{ groups: [{ name: "Groceries", count: 3, totals: [{ ...total, share: 1 }] }], other_groups: null },
    provenance: "3 transactions from 2 accounts, synced 09:12",
  },
  get_daily_briefing: { text: "Friday\n- Dentist at 10 [x](https://evil.test)\n- Rain from 15:00" },
  get_weather: { summary: "12 °C and clouds in Ottawa" },
  get_commute_time: { summary: "18 min by car from home to work, without traffic." },
};
const say = (...messages: string[]) => converse(messages, tools, ({ tool }) => (outputs[tool] ?? {}) as never);

describe("what people ask about money and the day", () => {
  it.each([
    [
      "How much did I spend on groceries last month?",
      "query_finance",
      { category: "groceries", from: "2026-10-01", to: "2026-10-31" },
    ],
    ["how much did I spend last month", "query_finance", { from: "2026-10-01", to: "2026-10-31" }],
    ["Show my spending by category", "query_finance", { group_by: "category" }],
    [
      "How much did I spend at Costco this year?",
      "query_finance",
      { search: "Costco", from: "2026-01-01", to: "2026-12-31" },
    ],
    ["What is my balance?", "get_balances", {}],
    ["Show my bank accounts", "list_accounts", {}],
    ["Show my latest transactions", "list_transactions", {}],
    ["What does my day look like?", "get_daily_briefing", {}],
    ["Give me my daily briefing", "get_daily_briefing", {}],
    ["What is the weather in Ottawa?", "get_weather", { place: "Ottawa" }],
    ["What is the weather like?", "get_weather", {}],
    ["Do I need an umbrella?", "get_weather", {}],
    ["Search the web for concerts in Berlin on Friday", "web_search", { query: "concerts" }],
    ["Make a plan for tomorrow", "plan_day", { date: "2026-11-25" }],
    ["What is the weather tomorrow?", "get_weather", { from: "2026-11-25" }],
    ["Will it rain in Ottawa on Friday?", "get_weather", { place: "Ottawa", from: "2026-11-27" }],
    ["What is the forecast for the weekend?", "get_weather", { from: "2026-11-28", to: "2026-11-29" }],
    ["How long does it take to get to work?", "get_commute_time", {}],
    ["When do I have to leave for the office?", "get_commute_time", {}],
    ["Plan my day tomorrow", "plan_day", { date: "2026-11-25" }],
    ["Prepare me for my next meeting", "prepare_meeting", {}],
    ["When am I free this week?", "find_free_time", {}],
    ["When is my dentist appointment?", "search_events", { query: "dentist" }],
  ])("%s", async (message, tool, input) => {
    const { calls } = await say(message);
    expect(calls).toEqual([{ tool, input: expect.objectContaining(input) }]);
  });

  it("says the tool's own figure and what it stands on", async () => {
    const { answer } = await say("How much did I spend on groceries last month?");
    expect(answer).toContain("**CA$123.45**");
    expect(answer).toContain("from 1 Oct 2026 to 31 Oct 2026");
    expect(answer).toContain("3 transactions from 2 accounts, synced 09:12");
  });

  it("tells what others wrote as text", async () => {
    const { answer } = await say("Give me my daily briefing");
    expect(answer).toContain("- Dentist at 10 \\[x\\]");
  });
});
