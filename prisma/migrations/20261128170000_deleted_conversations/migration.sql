-- What was left behind by conversations that were deleted before their effects and builds went with them. A module's version that was
-- built in one of them stays, and names its build no longer.
DELETE FROM "Effect" e WHERE NOT EXISTS (SELECT 1 FROM "Run" r WHERE r.id = e."runId");
DELETE FROM "Build" b WHERE NOT EXISTS (SELECT 1 FROM "Conversation" c WHERE c.id = b."conversationId");
DELETE FROM "BuildStep" s WHERE NOT EXISTS (SELECT 1 FROM "Build" b WHERE b.id = s."buildId");
UPDATE "ModuleVersion" v SET "buildId" = NULL
WHERE v."buildId" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "Build" b WHERE b.id = v."buildId");
