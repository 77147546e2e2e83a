// What a browser would do: send a message, read the stream until it is over. Raw HTTP, so that the reader costs little.
import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 200 });

/**
 * A message in a new conversation of ours: POST, then the conversation's events. @returns when the first text came (from
 * the sending), how many words came in all
 */
export async function askOurs({ url, token }, message) {
  const startedAt = performance.now();
  const { conversationId } = await send(`${url}/api/runs`, { message }, token);
  const reading = readEvents({ url, token }, conversationId, 0);
  const { firstAt, words, lastSeq } = await reading.finished;
  return { firstMs: firstAt - startedAt, words, conversationId, lastSeq };
}

/** A message in a conversation that is open already, as on a page that shows it. */
export async function askOursAgain({ url, token }, message, { conversationId, after }) {
  const reading = readEvents({ url, token }, conversationId, after);
  await reading.opened;
  const startedAt = performance.now();
  await send(`${url}/api/runs`, { message, conversationId }, token);
  const { firstAt, words, lastSeq } = await reading.finished;
  return { firstMs: firstAt - startedAt, words, lastSeq };
}

/** The same at the minimal route, or at the one that stores. */
export function askRoute({ url }, prompt, { stores = false } = {}) {
  return post(`${url}/api/${stores ? "stored-chat" : "chat"}`, { prompt }, (data, seen) => {
    if (!data.startsWith('{"type":"text-delta"')) return;
    seen.firstAt ??= performance.now();
    seen.words += countWords(JSON.parse(data).delta);
  });
}

/** At a route that only passes on what the model says. */
export function askPipe({ url }, prompt) {
  return post(`${url}/api/pipe`, { prompt }, countModelWords);
}

/** And at the model itself. */
export function askModel(baseUrl, message) {
  const body = { model: "by-message", messages: [{ role: "user", content: message }], stream: true };
  return post(`${baseUrl}/chat/completions`, body, countModelWords);
}

function countModelWords(data, seen) {
  const content = data.startsWith("{") ? JSON.parse(data).choices[0]?.delta.content : undefined;
  if (!content) return;
  seen.firstAt ??= performance.now();
  seen.words += countWords(content);
}

async function post(url, body, onData) {
  const startedAt = performance.now();
  const seen = { firstAt: undefined, words: 0 };
  const response = await open(url, { method: "POST", body });
  await readData(response, (data) => onData(data, seen));
  return { firstMs: seen.firstAt - startedAt, words: seen.words };
}

function readEvents({ url, token }, conversationId, after) {
  const seen = { firstAt: undefined, words: 0, lastSeq: after };
  const opened = open(`${url}/api/conversations/${conversationId}/events?after=${after}`, { token });
  const finished = opened.then(async (response) => {
    await readData(response, (data) => {
      const event = JSON.parse(data);
      seen.lastSeq = event.seq ?? seen.lastSeq;
      if (event.type === "text-appended") {
        seen.firstAt ??= performance.now();
        seen.words += countWords(event.payload.text);
      }
      if (event.type !== "run-finished") return true;
      if (event.payload.status !== "done") throw new Error(`the run did not end well: ${data}`);
      return false;
    });
    return seen;
  });
  return { opened, finished };
}

function countWords(text) {
  return text.split("word").length - 1;
}

async function send(url, body, token) {
  const response = await open(url, { method: "POST", body, token });
  let text = "";
  for await (const part of response.setEncoding("utf8")) text += part;
  return JSON.parse(text);
}

function open(url, { method = "GET", body, token }) {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { "content-type": "application/json" } : {}),
    };
    const sent = request(url, { method, headers, agent }, (response) => {
      if (response.statusCode < 300) return resolve(response);
      response.resume();
      reject(new Error(`${url} answered ${response.statusCode}`));
    });
    sent.on("error", reject);
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}

/** Gives the data of each server-sent event to `onData` until it says false or the stream ends. */
async function readData(response, onData) {
  let rest = "";
  for await (const part of response.setEncoding("utf8")) {
    const lines = (rest + part).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line.startsWith("data: ") && onData(line.slice(6)) === false) return;
  }
}
