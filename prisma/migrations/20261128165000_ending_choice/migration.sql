-- AlterTable
ALTER TABLE "Connection" ADD COLUMN     "keepsHistory" BOOLEAN NOT NULL DEFAULT true;
