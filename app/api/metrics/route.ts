import { AppError } from "@/lib/contracts/errors";
import { writeMetrics } from "@/lib/http/metrics";
import { route } from "@/lib/http/route";

/** For Prometheus: totals of the installation, so only for those who run it. */
export const GET = route({ auth: "viewer", scope: "metrics" }, async ({ viewer }) => {
  if (viewer.role !== "owner" && viewer.role !== "admin")
    throw new AppError("forbidden", "Only the owner and admins of this installation may read its metrics.");
  const { text, contentType } = await writeMetrics();
  return new Response(text, { headers: { "content-type": contentType } });
});
