import { alerts, button, click, field, openScreen, press, settle, type } from "../testing-screen";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { emptyConversation } from "@/lib/conversation/display";
import { Chat } from "./chat";

const replaced: string[] = [];
vi.mock("next/navigation", () => ({
  useRouter: () => ({
    replace: (path: string) => replaced.push(path),
    push: () => undefined,
    refresh: () => undefined,
  }),
}));

const props = { title: "", initial: emptyConversation, draft: "", modelLabel: "m", samples: null };
const newChat = <Chat key="new" conversationId={null} {...props} />;
const ownPage = <Chat key="conv_1" conversationId="conv_1" {...props} />;
const elsewhere = <p>Today</p>;

let asked: PromiseWithResolvers<Response>[];
let go: Awaited<ReturnType<typeof openScreen>>;
beforeEach(async () => {
  replaced.length = 0;
  asked = [];
  vi.stubGlobal("fetch", () => {
    const answer = Promise.withResolvers<Response>();
    asked.push(answer);
    return answer.promise;
  });
  go = await openScreen(elsewhere);
  window.localStorage.clear();
  await go(newChat);
});

const written = () => field("Message").value;
const write = (text: string) => type(field("Message"), text);
async function say(text: string) {
  await write(text);
  await press(field("Message"), "Enter");
}
const started = () => Response.json({ runId: "run_1", conversationId: "conv_1" }, { status: 202 });
const starts = (question: number) => settle(() => asked[question]?.resolve(started()));
const fails = (question: number) => settle(() => asked[question]?.reject(new TypeError("no network")));

describe("what is typed while the first message is on its way", () => {
  it("goes along to the conversation's own page, and is in no other", async () => {
    await say("hi");
    await write("and");
    await starts(0);
    expect([replaced, written()]).toEqual([["/chat/conv_1"], "and"]);
    await write("and more");
    await go(ownPage);
    expect(written()).toBe("and more");
    await go(newChat);
    expect(written()).toBe("");
  });

  it("goes along also when no key was pressed after the conversation began", async () => {
    await say("hi");
    await write("and");
    await starts(0);
    await go(ownPage);
    expect(written()).toBe("and");
  });

  it("stays where it is typed when the person went to another page: nobody is called back", async () => {
    await say("hi");
    await write("and");
    await go(elsewhere);
    await starts(0);
    expect(replaced).toEqual([]);
    await go(newChat);
    expect(written()).toBe("and");
  });
});

describe("a message that could not be sent", () => {
  it("comes back above what was typed since", async () => {
    await say("hi");
    await write("and");
    await fails(0);
    expect(alerts()).toEqual([expect.stringContaining("Not sent. Burgeon did not answer.")]);
    expect(written()).toBe("and");
    await click(button("Back to the field"));
    expect(written()).toBe("hi\nand");
  });

  it("comes back to the field of its conversation when the page goes", async () => {
    await say("hi");
    await fails(0);
    await write("and");
    await go(elsewhere);
    await go(newChat);
    expect(written()).toBe("hi\nand");
  });

  it("comes back, too, when it fails after the page went", async () => {
    await say("hi");
    await write("and");
    await go(elsewhere);
    await fails(0);
    await go(newChat);
    expect(written()).toBe("hi\nand");
  });

  it("goes along when a later one begins the conversation", async () => {
    await say("first");
    await fails(0);
    await say("second");
    await write("and");
    await starts(1);
    await go(ownPage);
    expect(written()).toBe("first\nand");
  });

  it("comes back to the page that has taken the place of the one it was sent from", async () => {
    await say("hi");
    await starts(0);
    await say("second");
    await go(ownPage);
    await write("and");
    await fails(1);
    expect(written()).toBe("second\nand");
  });
});
