-- AlterTable
ALTER TABLE "Connection" ADD COLUMN     "notice" JSONB;
