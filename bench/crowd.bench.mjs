// How many runs a second one process gets through when 200 come at once (four tool calls and an answer of 200 words each):
// our worker, 16 at a time as it would be configured for that, against LangGraph.js, which starts all of them at once.
import { interleave } from "./parts/interleave.mjs";
import { median } from "./parts/numbers.mjs";
import { printTable, reportClaim } from "./parts/report.mjs";
import { withSides } from "./parts/sides.mjs";

const model = "tools-4";
const count = 200;
const rounds = 2;
const labels = { crowd: "Burgeon's worker, 16 at a time", langgraph: "LangGraph, PostgresSaver, sync, all at once" };
const names = Object.keys(labels);

await withSides(
  names,
  async ({ peers }) => {
    for (const name of names) await peers[name].ask("crowd", { count: 40, model });
    const sides = Object.fromEntries(names.map((name) => [name, () => peers[name].ask("crowd", { count, model })]));
    const measured = await interleave(sides, rounds);
    const perSecond = (name) => median(measured[name].map(({ wallMs }) => (count * 1000) / wallMs));
    printTable(
      names.map((name) => ({
        side: labels[name],
        "runs/s": perSecond(name),
        "CPU ms/run": median(measured[name].map(({ cpuMs }) => cpuMs / count)),
      })),
    );
    reportClaim({
      claim: "runs per second, 200 at once",
      ours: perSecond("crowd"),
      other: perSecond("langgraph"),
      unit: "/s",
      otherName: "LangGraph sync",
      aim: 3,
      atLeast: true,
    });
  },
  { model: { input: {} } },
);
