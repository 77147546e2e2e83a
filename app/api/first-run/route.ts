import { createOwner, isFirstRun, ownerSchema } from "@/lib/auth/first-run";
import { route } from "@/lib/http/route";

/** Is the owner still to be made? */
export const GET = route({ auth: "none" }, async () => Response.json({ isFirstRun: await isFirstRun() }));

/** Makes the owner; 409 for everybody after the first. */
export const POST = route({ auth: "none", body: ownerSchema }, async ({ body }) => {
  const { id, email, name } = await createOwner(body);
  return Response.json({ id, email, name }, { status: 201 });
});
