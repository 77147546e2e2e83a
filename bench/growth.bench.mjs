// One long thread of 500 tool steps with 300 characters of prose each: what a step writes at the beginning and at the end, how
// long it takes, and how long the finished thread takes to load. Against LangGraph.js with its PostgreSQL checkpointer.
import { median, show } from "./parts/numbers.mjs";
import { printTable, reportClaim } from "./parts/report.mjs";
import { withSides } from "./parts/sides.mjs";

const steps = 500;
const model = `tools-${steps}-pad`;
/** Bytes are taken over windows of ten steps: at the beginning, in the middle, at the end. */
const windows = [1, 245, 488].map((from) => ({ from, to: from + 10 }));
/** The first ones are not counted: a server that has just started is not what a person meets. */
const loads = 30;
const warmUps = 10;
const names = ["ours", "langgraph"];
const labels = { ours: "Burgeon's worker", langgraph: "LangGraph, PostgresSaver, sync" };

await withSides(
  names,
  async ({ peers, admin }) => {
    const found = {};
    // Whole pages that are logged after a checkpoint would count for whoever comes to them first.
    await admin.query("ALTER SYSTEM SET full_page_writes = off");
    await admin.query("SELECT pg_reload_conf()");
    // One after the other: what is written is counted for the whole server.
    for (const name of names) {
      await peers[name].ask("runs", { count: 10, model: "tools-10" });
      found[name] = await growOn(peers[name]);
    }
    const loaded = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < loads; round += 1)
      for (const name of names) loaded[name].push(await peers[name].ask("load"));
    for (const name of names) {
      found[name].loadMs = median(loaded[name].slice(warmUps).map(({ wallMs }) => wallMs));
      found[name].loaded = loaded[name][0].result;
    }
    report(found);
  },
  { model: { input: {} } },
);

async function growOn(peer) {
  const at = windows.flatMap(({ from, to }) => [from, to]);
  const { samples, stepMs, wallMs } = await peer.ask("runs", { count: 1, model, sampling: { sample: "wal", at } });
  const valueAt = new Map(samples.map(({ index, value }) => [index, value]));
  return {
    bytes: windows.map(({ from, to }) => (valueAt.get(to) - valueAt.get(from)) / (to - from)),
    ms: windows.map(({ from, to }) => median(stepMs.slice(from, to))),
    wallMs,
  };
}

function report(found) {
  printTable(
    names.map((name) => ({
      side: labels[name],
      ...Object.fromEntries(windows.map(({ from }, at) => [`WAL bytes/step @${from}`, found[name].bytes[at]])),
      ...Object.fromEntries(windows.map(({ from }, at) => [`ms/step @${from}`, found[name].ms[at]])),
      "whole run s": found[name].wallMs / 1000,
      "load ms": found[name].loadMs,
    })),
  );
  console.log(`Loaded: ${names.map((name) => JSON.stringify(found[name].loaded)).join(" and ")}\n`);
  const growth = (name) => found[name].bytes.at(-1) / found[name].bytes[0];
  reportClaim({
    claim: `bytes written per step, step ${windows.at(-1).from} / step 1`,
    ours: growth("ours"),
    otherName: `LangGraph sync: ${show(growth("langgraph"))}`,
    aim: 1.2,
  });
  reportClaim({
    claim: "load of a thread of 1,000 messages",
    ours: found.ours.loadMs,
    other: found.langgraph.loadMs,
    unit: "ms",
    otherName: "LangGraph getState",
    aim: 0.05,
  });
}
