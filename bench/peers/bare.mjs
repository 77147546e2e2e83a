// The floor: a loop of ours by hand that asks the model with fetch, reads the stream, calls the tool and keeps nothing.
// With `isStored` it inserts one row per step (the assistant's message with the result): the plainest durable loop.
import pg from "pg";
import { Probe } from "../parts/probe.mjs";
import { options, servePeer, withCpu } from "../parts/serve-peer.mjs";

const probe = new Probe(options);
const tools = [
  {
    type: "function",
    function: {
      name: "step",
      description: "Does one step.",
      parameters: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
    },
  },
];
const pool = options.isStored ? new pg.Pool({ connectionString: options.databaseUrl, max: 10 }) : null;

servePeer({
  async ready() {
    await probe.connect();
    await pool?.query("CREATE TABLE step (run text, n int, message jsonb, PRIMARY KEY (run, n))");
  },
  async runs({ count, model, sampling }) {
    const measured = await withCpu(async () => {
      for (let done = 0; done < count; done += 1) {
        probe.begin(sampling);
        await run(model);
      }
    });
    return { ...measured, stepMs: probe.takeSteps(), samples: probe.samples };
  },
  async crowd({ count, model }) {
    probe.begin();
    const measured = await withCpu(() => Promise.all(Array.from({ length: count }, () => run(model))));
    probe.takeSteps();
    return { ...measured, result: null };
  },
});

async function run(model) {
  const id = crypto.randomUUID();
  const messages = [{ role: "user", content: "Go." }];
  for (let n = 0; ; n += 1) {
    const answer = await ask(model, messages);
    messages.push(answer);
    if (!answer.tool_calls) {
      await store(id, n, [answer]);
      return;
    }
    const results = [];
    for (const call of answer.tool_calls) {
      JSON.parse(call.function.arguments);
      await probe.hit();
      results.push({ role: "tool", tool_call_id: call.id, content: '{"ok":true}' });
    }
    messages.push(...results);
    await store(id, n, [answer, ...results]);
  }
}

async function store(run, n, messages) {
  await pool?.query({
    name: "step",
    text: "INSERT INTO step VALUES ($1, $2, $3)",
    values: [run, n, JSON.stringify(messages)],
  });
}

async function ask(model, messages) {
  const response = await fetch(`${options.baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages, tools, stream: true, stream_options: { include_usage: true } }),
  });
  const decoder = new TextDecoder();
  let rest = "";
  const answer = { role: "assistant", content: "" };
  for await (const bytes of response.body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines)
      if (line.startsWith("data: {")) addDelta(answer, JSON.parse(line.slice(6)).choices[0]?.delta ?? {});
  }
  return answer;
}

function addDelta(answer, { content, tool_calls: calls = [] }) {
  if (content) answer.content += content;
  for (const {
    index,
    id,
    function: { name, arguments: text },
  } of calls) {
    answer.tool_calls ??= [];
    answer.tool_calls[index] ??= { id, type: "function", function: { name, arguments: "" } };
    answer.tool_calls[index].function.arguments += text;
  }
}
