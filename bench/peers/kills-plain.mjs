// The plain durable loop that is going to be killed: one insert after each step, and after a restart it goes on behind the last
// one. Effects carry the key of their step, which it has for nothing; the send without a key is like ours.
import pg from "pg";
import { options, servePeer } from "../parts/serve-peer.mjs";

const pool = new pg.Pool({ connectionString: options.databaseUrl, max: 10 });
const names = ["look_up", "send_keyed", "send_once"];
const tools = names.map((name) => ({
  type: "function",
  function: { name, description: name, parameters: { type: "object" } },
}));

servePeer({
  async ready() {
    for (const run of options.runs) void work(run).catch((cause) => console.error(cause));
  },
});

async function work(run) {
  const { rows } = await pool.query("SELECT messages FROM step WHERE run = $1 ORDER BY n", [run]);
  const messages = [{ role: "user", content: run }, ...rows.flatMap((row) => row.messages)];
  for (let n = rows.length; ; n += 1) {
    const response = await fetch(`${options.baseUrl}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: options.model, messages, tools, stream: true }),
    });
    const added = [await toMessage(response)];
    for (const call of added[0].tool_calls ?? [])
      added.push({ role: "tool", tool_call_id: call.id, content: await invoke(call.function, run, n) });
    messages.push(...added);
    await pool.query("INSERT INTO step VALUES ($1, $2, $3)", [run, n, JSON.stringify(added)]);
    if (added.length === 1) return;
  }
}

async function invoke({ name }, run, n) {
  if (name === "look_up") return '{"ok":true}';
  const headers = name === "send_keyed" ? { "idempotency-key": `${run}/${n}` } : {};
  return (await fetch(`${options.effects}/${name}/${run}/${n}`, { method: "POST", headers })).text();
}

async function toMessage(response) {
  const message = { role: "assistant", content: "" };
  for (const line of (await response.text()).split("\n").filter((one) => one.startsWith("data: {"))) {
    const { content, tool_calls: [call] = [] } = JSON.parse(line.slice(6)).choices[0]?.delta ?? {};
    message.content += content ?? "";
    if (call?.id) message.tool_calls = [call];
    else if (call) message.tool_calls[0].function.arguments += call.function.arguments;
  }
  return message;
}
