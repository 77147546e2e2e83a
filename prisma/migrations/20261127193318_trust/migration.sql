-- DropIndex
DROP INDEX "Approval_runId_callId_key";

-- DropIndex
DROP INDEX "Approval_userId_status_idx";

-- DropIndex
DROP INDEX "Effect_runId_idx";

-- AlterTable
ALTER TABLE "Approval" ADD COLUMN     "decidedVia" TEXT,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'permission',
ADD COLUMN     "round" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "worldHash" TEXT;

-- AlterTable
ALTER TABLE "Effect" ADD COLUMN     "undoUntil" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Event" ADD COLUMN     "digest" BIGINT,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "Grant" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "toolVersion" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "rules" JSONB NOT NULL,
    "approvalId" TEXT NOT NULL,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "lastUsedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Usage" (
    "userId" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "steps" INTEGER NOT NULL DEFAULT 0,
    "toolCalls" INTEGER NOT NULL DEFAULT 0,
    "inputTokens" BIGINT NOT NULL DEFAULT 0,
    "outputTokens" BIGINT NOT NULL DEFAULT 0,
    "costMicros" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "Usage_pkey" PRIMARY KEY ("userId","day")
);

-- CreateIndex
CREATE INDEX "Grant_userId_tool_idx" ON "Grant"("userId", "tool");

-- CreateIndex
CREATE INDEX "Approval_userId_status_createdAt_idx" ON "Approval"("userId", "status", "createdAt" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Approval_runId_callId_kind_round_key" ON "Approval"("runId", "callId", "kind", "round");

-- CreateIndex
CREATE INDEX "Effect_runId_callId_idx" ON "Effect"("runId", "callId");

-- CreateIndex
CREATE INDEX "Run_userId_createdAt_idx" ON "Run"("userId", "createdAt" DESC);

-- Pinned conversations stand above all others, and there are few of them.
CREATE INDEX "Conversation_pinned_idx" ON "Conversation" ("userId", "updatedAt" DESC) WHERE "pinned";

-- What was written is what is replayed: the worker compares before it goes on with a run.
CREATE FUNCTION seal_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."digest" := hashtextextended(NEW."type" || ' ' || NEW."payload"::text, NEW."seq");
    RETURN NEW;
END
$$;
CREATE TRIGGER "Event_seal" BEFORE INSERT ON "Event" FOR EACH ROW EXECUTE FUNCTION seal_event();
