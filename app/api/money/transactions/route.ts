import { transactionPageQuerySchema } from "@/lib/contracts/money-requests";
import { listTransactions } from "@/lib/db/finance/transactions";
import { route } from "@/lib/http/route";

/** A page of transactions, newest first unless ordered otherwise. `next` and `previous` are cursors. */
export const GET = route(
  { auth: "viewer", scope: "data:read", query: transactionPageQuerySchema },
  async ({ viewer, query: { sort, direction, cursor, limit, ...filter } }) =>
    Response.json(
      await listTransactions(viewer, filter, {
        order: { sort, direction },
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    ),
);
