-- AlterTable
ALTER TABLE "Effect" ADD COLUMN     "target" JSONB;
