import { join } from "node:path";
import { root } from "./install.mjs";

// Node runs this TypeScript file as it stands (type stripping), so that nothing has to be built before the first start.
export { migrate } from "../../lib/db/migrate.ts";

export const schemaPath = join(root, "prisma", "schema.prisma");
export const migrationsPath = join(root, "prisma", "migrations");
