import { categorizeSchema } from "@/lib/contracts/money-requests";
import { setCategories, setCategoriesOf } from "@/lib/db/finance/categories";
import { route } from "@/lib/http/route";

/** Sorts several by hand at once, all or none. `undoId` is taken back with `POST /api/money/merges/:id/undo`. */
export const POST = route(
  { auth: "viewer", scope: "data:write", body: categorizeSchema },
  async ({ viewer, body: { transactionIds, filter, ...sorting } }) =>
    Response.json(
      transactionIds === undefined
        ? await setCategoriesOf(viewer, filter ?? {}, sorting)
        : await setCategories(viewer, transactionIds, sorting),
    ),
);
