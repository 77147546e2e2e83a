import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { Chat } from "@/components/chat/chat";
import { requireViewer } from "@/lib/auth/viewer";
import { AppError } from "@/lib/contracts/errors";
import { foldConversation } from "@/lib/conversation/display";
import { getConversation } from "@/lib/db/conversations";
import { readAllEvents } from "@/lib/db/events";
import { describeModel } from "@/lib/models/resolve";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { title } = await findConversation((await params).id);
  return { title: title || "Conversation" };
}

export default async function ChatPage({ params }: Props) {
  const { id } = await params;
  const viewer = await requireViewer();
  const { title } = await findConversation(id);
  const [events, modelLabel] = await Promise.all([readAllEvents(viewer, id), describeModel(viewer)]);
  return (
    <Chat
      key={id}
      conversationId={id}
      title={title}
      initial={foldConversation(events)}
      draft=""
      modelLabel={modelLabel}
      samples={null}
    />
  );
}

/** Once per request, for the title and for the page. */
const findConversation = cache(async (id: string) => {
  const viewer = await requireViewer();
  try {
    return await getConversation(viewer, id);
  } catch (error) {
    if (error instanceof AppError && error.code === "not-found") notFound();
    throw error;
  }
});
