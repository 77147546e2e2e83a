-- AlterTable
ALTER TABLE "Connection" DROP COLUMN "accessExpiresAt",
DROP COLUMN "config",
DROP COLUMN "scopes",
ADD COLUMN     "skipped" JSONB;

-- AlterTable
ALTER TABLE "FinancialAccount" ADD COLUMN     "ownName" TEXT;

-- Words as they are searched: case and accents make no difference, so "cafe" finds "Café" and "strasse" finds "Straße".
-- Made of what every PostgreSQL has since 13; the extension "unaccent" is not everywhere and not immutable.
CREATE FUNCTION fold_text(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(
    translate(lower(normalize(regexp_replace(normalize(words, NFKD), '[\u0300-\u036F]', '', 'g'), NFC)), 'øØłŁđĐħĦı', 'oollddhhi'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');

-- An expression of a generated column cannot be changed: the column is made anew, with its index.
DROP INDEX "FinancialTransaction_search_idx";
ALTER TABLE "FinancialTransaction" DROP COLUMN "search";
ALTER TABLE "FinancialTransaction" ADD COLUMN "search" tsvector GENERATED ALWAYS AS (
    to_tsvector('simple', fold_text("company" || ' ' || "merchant" || ' ' || coalesce("description", '') || ' ' || coalesce("note", '') || ' ' || "category"))
) STORED;
CREATE INDEX "FinancialTransaction_search_idx" ON "FinancialTransaction" USING GIN ("search");
