// LangGraph's way to a person's latest threads: checkpoints whose metadata names the person, threads picked out by hand.
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { options, servePeer } from "../parts/serve-peer.mjs";

const saver = PostgresSaver.fromConnString(options.databaseUrl);
const checkpointsPerThread = 3;

servePeer({
  ready: () => saver.setup(),
  async list({ userId }) {
    const startedAt = performance.now();
    const threads = new Set();
    const found = saver.list({}, { filter: { user_id: userId }, limit: 20 * checkpointsPerThread });
    for await (const { config } of found) threads.add(config.configurable.thread_id);
    const ms = performance.now() - startedAt;
    if (threads.size !== 20) throw new Error(`${threads.size} threads`);
    return ms;
  },
});
