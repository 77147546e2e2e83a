// How long after sending a message the first words stand at a reader: our web and worker (the message and the words are
// stored before they are shown), against the model asked directly and against a minimal Next route with the AI SDK.
import { interleave } from "./parts/interleave.mjs";
import { median, quantile } from "./parts/numbers.mjs";
import { askModel, askOurs, askOursAgain, askPipe, askRoute } from "./parts/readers.mjs";
import { printTable, reportClaim } from "./parts/report.mjs";
import { withStreamSides } from "./parts/stream-sides.mjs";

const message = "text-20";
const rounds = 80;
const warmUps = 20;

await withStreamSides(async ({ modelUrl, ours, route }) => {
  const sides = {
    direct: () => askModel(modelUrl, message),
    // The second question of a conversation: the first one is not measured.
    open: async () => {
      const { conversationId, lastSeq } = await askOurs(ours, message);
      return askOursAgain(ours, message, { conversationId, after: lastSeq });
    },
    fresh: () => askOurs(ours, message),
    route: () => askRoute(route, message),
    pipe: () => askPipe(route, message),
    stored: () => askRoute(route, message, { stores: true }),
  };
  const measured = await interleave(sides, warmUps + rounds);
  const times = Object.fromEntries(
    Object.entries(measured).map(([name, all]) => [name, all.slice(warmUps).map(({ firstMs }) => firstMs)]),
  );
  report(times);
});

function report(times) {
  const labels = {
    direct: "the model itself",
    open: "Burgeon, conversation open on a page",
    fresh: "Burgeon, new conversation (two requests)",
    route: "minimal Next route with the AI SDK",
    stored: "the same, storing message and first words first",
    pipe: "a Next route that only passes on what the model says",
  };
  const direct = median(times.direct);
  printTable(
    Object.entries(labels).map(([name, side]) => ({
      side,
      "first word p50 ms": median(times[name]),
      "p95 ms": quantile(times[name], 0.95),
      "added ms": median(times[name]) - direct,
      "times the model": median(times[name]) / direct,
    })),
  );
  const other = median(times.route) - direct;
  for (const [name, claim] of [
    ["open", "added time to first word, open conversation"],
    ["fresh", "added time to first word, new conversation"],
  ])
    reportClaim({
      claim,
      ours: median(times[name]) - direct,
      other,
      unit: "ms",
      otherName: "minimal AI SDK route",
      aim: 0.7,
    });
}
