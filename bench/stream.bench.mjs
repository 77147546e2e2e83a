// What streaming an answer to a reader costs the servers: our web and worker, every word stored on its way, against a minimal
// Next route that passes the AI SDK's stream on and stores nothing. CPU is user and system time of the server processes.
import { cpuOf } from "./parts/cpu.mjs";
import { interleave } from "./parts/interleave.mjs";
import { median, show } from "./parts/numbers.mjs";
import { askOurs, askRoute } from "./parts/readers.mjs";
import { printTable, reportClaim } from "./parts/report.mjs";
import { withStreamSides } from "./parts/stream-sides.mjs";

const burst = { message: "text-2000", words: 2000, answers: 6, rounds: 4, isAtOnce: false };
const paced = { message: "paced-600-100", words: 600, answers: 40, rounds: 3, isAtOnce: true };
const otherName = "Next route, streamText().toUIMessageStreamResponse()";

await withStreamSides(async ({ ours, route, postgresPid }) => {
  const sides = { ours: measureOn(askOurs, ours, postgresPid), route: measureOn(askRoute, route, postgresPid) };
  for (const [name, load, aim] of [
    ["burst: 2,000 words at full speed", burst, 0.3],
    ["paced: 40 streams at 100 words/s", paced, 0.6],
  ]) {
    // Not counted: servers that have just started are not what a person meets.
    for (const measure of Object.values(sides)) await measure(load);
    const measured = await interleave(
      Object.fromEntries(Object.entries(sides).map(([side, measure]) => [side, () => measure(load)])),
      load.rounds,
    );
    const per = (side, key) => median(measured[side].map((one) => one[key]));
    printTable(
      ["ours", "route"].map((side) => ({
        [name]: side === "ours" ? "Burgeon, web and worker" : otherName,
        "CPU ms per 1,000 words": per(side, "cpuMs"),
        "of it worker": per(side, "workerMs"),
        "PostgreSQL besides": per(side, "postgresMs"),
        "first word ms": per(side, "firstMs"),
      })),
    );
    reportClaim({
      claim: `CPU per 1,000 streamed words, ${name.split(":")[0]}`,
      ours: per("ours", "cpuMs"),
      other: per("route", "cpuMs"),
      unit: "ms",
      otherName: "minimal AI SDK route",
      aim,
    });
  }
});

function measureOn(ask, server, postgresPid) {
  const { web, worker } = server.pids;
  return async ({ message, words, answers, isAtOnce }) => {
    const read = () => ({
      web: cpuOf([web]),
      worker: worker === undefined ? 0 : cpuOf([worker]),
      postgres: cpuOf([postgresPid]),
    });
    const before = read();
    const results = isAtOnce
      ? await Promise.all(Array.from({ length: answers }, () => ask(server, message)))
      : await inTurn(answers, () => ask(server, message));
    const after = read();
    const wrong = results.find((result) => result.words !== words);
    if (wrong) throw new Error(`${show(wrong.words)} words came of ${words}`);
    const per = (name) => ((after[name] - before[name]) * 1000) / (answers * words);
    return {
      cpuMs: per("web") + per("worker"),
      workerMs: per("worker"),
      postgresMs: per("postgres"),
      firstMs: median(results.map(({ firstMs }) => firstMs)),
    };
  };
}

async function inTurn(count, work) {
  const results = [];
  for (let done = 0; done < count; done += 1) results.push(await work());
  return results;
}
