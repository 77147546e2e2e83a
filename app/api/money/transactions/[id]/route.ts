import { z } from "zod";
import { transactionChangeSchema } from "@/lib/contracts/money-requests";
import { setCategory, setNote } from "@/lib/db/finance/categories";
import { getTransaction } from "@/lib/db/finance/transactions";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });

/** One transaction. */
export const GET = route({ auth: "viewer", scope: "data:read", params }, async ({ viewer, params: { id } }) =>
  Response.json({ transaction: await getTransaction(viewer, id) }),
);

/** Sorts it by hand, which no rule changes from then on, or writes a note on it. */
export const PATCH = route(
  { auth: "viewer", scope: "data:write", params, body: transactionChangeSchema },
  async ({ viewer, params: { id }, body: { category, note, ...more } }) => {
    if (note !== undefined) await setNote(viewer, id, note);
    if (category !== undefined) await setCategory(viewer, id, { category, ...more });
    return Response.json({ transaction: await getTransaction(viewer, id) });
  },
);
