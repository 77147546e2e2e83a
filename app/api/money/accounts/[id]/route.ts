import { z } from "zod";
import { accountChangeSchema } from "@/lib/contracts/money-requests";
import { nameAccount, setAccountHidden } from "@/lib/db/finance/accounts";
import { route } from "@/lib/http/route";

const params = z.object({ id: z.string().max(60) });

/** Hides an account from every list and sum, or shows it again; calls it by a name of the person's, or by its bank's. */
export const PATCH = route(
  { auth: "viewer", scope: "data:write", params, body: accountChangeSchema },
  async ({ viewer, params: { id }, body: { isHidden, name } }) => {
    if (name !== undefined) await nameAccount(viewer, id, name || null);
    if (isHidden !== undefined) await setAccountHidden(viewer, id, isHidden);
    return Response.json({ accountId: id, isHidden, name });
  },
);
