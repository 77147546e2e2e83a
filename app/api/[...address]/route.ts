import { AppError } from "@/lib/contracts/errors";
import { route } from "@/lib/http/route";

/** Where nothing is: said like every other failure of the API, not with a page. */
const nothing = route({ auth: "provider" }, async () => {
  throw new AppError("not-found", "There is no such address in Burgeon's API.");
});

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
