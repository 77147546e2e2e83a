import type { Tool } from "@/lib/contracts/tool";
import { getBalancesTool } from "./get-balances";
import { listAccountsTool } from "./list-accounts";
import { listTransactionsTool } from "./list-transactions";
import type { Clock } from "./person-clock";
import { queryFinanceTool } from "./query-finance";

/** Everything that may be asked about money. */
export function financeTools(clock: Clock): readonly Tool[] {
  return [listAccountsTool(clock), getBalancesTool(clock), listTransactionsTool(clock), queryFinanceTool(clock)];
}
