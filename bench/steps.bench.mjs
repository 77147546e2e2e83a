// What a durable step costs: time, CPU and SQL statements of a run of ten tool calls and an answer of 200 words, against
// the same by a bare loop that keeps nothing and by LangGraph.js with its PostgreSQL checkpointer (durability "sync").
import { interleave } from "./parts/interleave.mjs";
import { median, quantile, show, sum } from "./parts/numbers.mjs";
import { printTable, reportClaim } from "./parts/report.mjs";
import { withSides } from "./parts/sides.mjs";

const model = "tools-10";
const rounds = 7;
const runsPerRound = 10;
const names = ["bare", "plain", "ours", "shipped", "langgraph"];

await withSides(
  names,
  async ({ peers }) => {
    for (const name of names) await peers[name].ask("runs", { count: 25, model });
    const sides = Object.fromEntries(
      names.map((name) => [name, () => peers[name].ask("runs", { count: runsPerRound, model })]),
    );
    const measured = await interleave(sides, rounds);
    const found = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await summarise(measured[name], peers[name])])),
    );
    report(found);
  },
  { model: { tools: ["current_time"], input: {} } },
);

async function summarise(rounds, peer) {
  // Between the second and the ninth call of the tool lie seven whole steps.
  const { samples } = await peer.ask("runs", { count: 1, model, sampling: { sample: "statements", at: [1, 8] } });
  return {
    stepMs: median(rounds.map(({ stepMs }) => median(stepMs))),
    p95Ms: quantile(
      rounds.flatMap(({ stepMs }) => stepMs),
      0.95,
    ),
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs / runsPerRound)),
    statements: (samples[1].value - samples[0].value) / 7,
    totalMs: sum(rounds.map(({ wallMs }) => wallMs)),
  };
}

function report(found) {
  const labels = {
    bare: "bare loop, keeps nothing",
    plain: "bare loop, one insert per step",
    ours: "Burgeon's worker, one tool",
    shipped: "Burgeon's worker as shipped, all tools",
    langgraph: "LangGraph, PostgresSaver, sync",
  };
  printTable(
    names.map((name) => ({
      side: labels[name],
      "step p50 ms": found[name].stepMs,
      "p95 ms": found[name].p95Ms,
      "over bare ms": found[name].stepMs - found.bare.stepMs,
      "CPU ms/run": found[name].cpuMs,
      "statements/step": found[name].statements,
    })),
  );
  const { bare, ours, shipped, langgraph } = found;
  const otherName = "LangGraph sync";
  for (const [name, side] of [
    ["", ours],
    [", as shipped", shipped],
  ]) {
    const over = { ours: side.stepMs - bare.stepMs, other: langgraph.stepMs - bare.stepMs, unit: "ms", otherName };
    reportClaim({ claim: `time of a step over a bare loop${name}`, ...over, aim: 0.35 });
    reportClaim({
      claim: `CPU of a 10-step run${name}`,
      ours: side.cpuMs,
      other: langgraph.cpuMs,
      unit: "ms",
      otherName,
      aim: 0.45,
    });
    reportClaim({
      claim: `SQL statements per step${name}`,
      ours: side.statements,
      otherName: `LangGraph sync: ${show(langgraph.statements)}`,
      aim: 3,
    });
  }
}
