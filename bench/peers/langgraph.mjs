// LangGraph.js as its documentation shows it: createReactAgent with the PostgreSQL checkpointer, streamed.
import { ChatOpenAI } from "@langchain/openai";
import { tool } from "@langchain/core/tools";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { z } from "zod";
import { Probe } from "../parts/probe.mjs";
import { options, servePeer, withCpu } from "../parts/serve-peer.mjs";

const probe = new Probe(options);
const saver = PostgresSaver.fromConnString(options.databaseUrl);
const step = tool(
  async () => {
    await probe.hit();
    return '{"ok":true}';
  },
  {
    name: "step",
    description: "Does one step.",
    schema: z.object({ n: z.number().optional(), prose: z.string().optional() }),
  },
);
const agents = new Map();
let newest = "";

servePeer({
  async ready() {
    await probe.connect();
    await saver.setup();
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
  async load() {
    const agent = agents.values().next().value;
    return withCpu(async () => {
      const state = await agent.getState({ configurable: { thread_id: newest } });
      return { messages: state.values.messages.length };
    });
  },
});

async function run(model) {
  if (!agents.has(model)) agents.set(model, createAgent(model));
  newest = crypto.randomUUID();
  const stream = await agents.get(model).stream(
    { messages: [{ role: "user", content: "Go." }] },
    {
      configurable: { thread_id: newest },
      durability: options.durability ?? "sync",
      // Makes the model stream as well. Its own flag for that would count tokens with tables fetched from the network.
      streamMode: "messages",
      recursionLimit: 10_000,
    },
  );
  for await (const _ of stream);
}

function createAgent(model) {
  const llm = new ChatOpenAI({
    model,
    apiKey: "none",
    useResponsesApi: false,
    configuration: { baseURL: options.baseUrl },
  });
  return createReactAgent({ llm, tools: [step], checkpointSaver: saver });
}
