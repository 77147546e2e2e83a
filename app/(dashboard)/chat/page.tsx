import type { Metadata } from "next";
import { Chat } from "@/components/chat/chat";
import { requireViewer } from "@/lib/auth/viewer";
import { emptyConversation } from "@/lib/conversation/display";
import { describeModel } from "@/lib/models/resolve";
import { listSampleServices } from "../sample-services";

export const metadata: Metadata = { title: "New chat" };

// As long as an address may reasonably be.
const maxDraftChars = 4000;

export default async function NewChatPage({ searchParams }: { searchParams: Promise<{ draft?: string | string[] }> }) {
  const viewer = await requireViewer();
  const [{ draft }, modelLabel] = await Promise.all([searchParams, describeModel(viewer)]);
  const text = typeof draft === "string" ? draft.slice(0, maxDraftChars) : "";
  return (
    <Chat
      key={text}
      conversationId={null}
      title=""
      initial={emptyConversation}
      draft={text}
      modelLabel={modelLabel}
      samples={listSampleServices()}
    />
  );
}
