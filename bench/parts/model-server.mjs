// A model behind real HTTP that thinks for no time: OpenAI's chat completions, streamed. The name of the model says what it
// does: `tools-10` calls the first tool ten times and then says 200 words; `tools-500-pad` calls with 300 characters of prose;
// `text-2000` says 2,000 words as fast as it can; `paced-300-100` says 300 words at 100 a second; with
// `by-message` the person's message is such a name.
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { options, servePeer } from "./serve-peer.mjs";

/** Prose that compresses no better than prose does, different for every step. */
const prose = (step) =>
  Array.from(
    { length: 50 },
    (_, index) => syllables[(step * 31 + index * index * 7 + index * step) % syllables.length],
  ).join(" ");
const syllables = Array.from(
  { length: 997 },
  (_, index) => ((index + 11) ** 5 % 46_656).toString(36) + (index % 7 ? "en" : "ing"),
);
/** Everything of a chunk that follows the id of its answer. */
const tail = (choices, usage) =>
  `"object":"chat.completion.chunk","created":0,"model":"bench","choices":${JSON.stringify(choices)}${usage ? `,"usage":${JSON.stringify(usage)}` : ""}}\n\n`;
const choice = (delta, finish = null) => tail([{ index: 0, delta, finish_reason: finish }]);
const words = Array.from({ length: 100 }, (_, index) => choice({ content: ` word${index}` }));
const usage = tail([], { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 });
const begin = choice({ role: "assistant", content: "" });

/** Requests by the text of the last user message and the number of steps since: whoever asks twice shows here. */
const asked = new Map();
let answers = 0;

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
server.keepAliveTimeout = 60_000;
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

servePeer({
  ready: () => ({ baseUrl: `http://127.0.0.1:${server.address().port}/v1` }),
  asked: () => Object.fromEntries(asked),
});

async function answer(request, response) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = JSON.parse(Buffer.concat(parts).toString("utf8"));
  const lastUser = body.messages.findLastIndex(({ role }) => role === "user");
  const [kind, count, detail] = (body.model === "by-message" ? textOf(body.messages[lastUser]) : body.model).split("-");
  const steps = body.messages.slice(lastUser + 1).filter(({ role }) => role === "assistant").length;
  if (options.isCounting) note(`${textOf(body.messages[lastUser])}#${steps}`);
  if (options.thinkMs) await pause(Math.random() * 2 * options.thinkMs);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  answers += 1;
  // Clients tell answers apart by it: LangGraph replaces a message by a later one of the same id.
  const id = `data: {"id":"chatcmpl-${answers}",`;
  const send = (rest) => response.write(id + rest);
  send(begin);
  const isCall = kind === "tools" && body.tools !== undefined && steps < Number(count);
  if (isCall) sayCall(send, body, steps, detail === "pad");
  else if (kind === "paced") await sayPaced(response, send, Number(count), Number(detail));
  else await sayBurst(response, send, kind === "text" ? Number(count) : 200);
  send(choice({}, isCall ? "tool_calls" : "stop"));
  send(usage);
  response.end("data: [DONE]\n\n");
}

function note(key) {
  asked.set(key, (asked.get(key) ?? 0) + 1);
}

function textOf({ content }) {
  return typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("");
}

function sayCall(send, { tools }, step, isPadded) {
  const wanted = options.tools?.[step % options.tools.length];
  const tool = tools.find(({ function: { name } }) => name === wanted) ?? tools[0];
  const input = JSON.stringify({ ...(options.input ?? { n: step }), ...(isPadded ? { prose: prose(step) } : {}) });
  const called = { name: tool.function.name, arguments: "" };
  send(choice({ tool_calls: [{ index: 0, id: `call_${answers}`, type: "function", function: called }] }));
  send(choice({ tool_calls: [{ index: 0, function: { arguments: input } }] }));
}

async function sayBurst(response, send, count) {
  for (let index = 0; index < count && !response.destroyed; index += 1)
    if (!send(words[index % 100])) await drained(response);
}

/** Room for more, or nobody there any more. */
function drained(response) {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}

async function sayPaced(response, send, count, perSecond) {
  const startedAt = performance.now();
  for (let said = 0; said < count && !response.destroyed; ) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) * perSecond) / 1000) + 1);
    // Each word is an event and a write of its own, as providers send them.
    for (; said < due; said += 1) send(words[said % 100]);
    await pause(1000 / perSecond);
  }
}
