// Questions about a person's money, asked through the product's own functions. With `plan: "scan"` the database may use no
// index, which is what the same statements cost on a table without any.
import { previewRules } from "@/lib/db/finance/apply-rules";
import { financeStore } from "@/lib/db/finance/finance-store";
import { listCashFlow, summarize } from "@/lib/db/finance/summaries";
import { listTransactions } from "@/lib/db/finance/transactions";
import { servePeer } from "../parts/serve-peer.mjs";

const viewer = { kind: "viewer", userId: "user_1", role: "member", via: "session", scopes: [] };
const year = { from: "2025-11-28", to: "2026-11-27" };
let middle;

const list = (filter, order) => () => listTransactions(viewer, filter, { limit: 50, ...(order ? { order } : {}) });
const questions = {
  "newest 50": list({}),
  "50 in the middle": () => listTransactions(viewer, {}, { limit: 50, cursor: middle }),
  "50 of a category": list({ category: "Groceries" }),
  "50 largest": list({}, { sort: "amount", direction: "desc" }),
  "50 by merchant": list({}, { sort: "merchant", direction: "asc" }),
  "search: a rare word": list({ text: "zebra" }),
  "search: a frequent word": list({ text: "market" }),
  "search: the beginning of a word": list({ text: "shop 12" }),
  "month by category": () => summarize(viewer, "category", { from: "2026-10-01", to: "2026-10-31" }),
  "year by category": () => summarize(viewer, "category", year),
  "year by company": () => summarize(viewer, "company", year),
  "year, month by month": () => listCashFlow(viewer, year),
  "rules: what would change": () => previewRules(viewer),
  "all by category": () => summarize(viewer, "category", {}),
};

servePeer({
  async ready() {
    // The place of row 50,000.
    let page = await listTransactions(viewer, { from: "2000-01-01", to: "2021-08-01" }, { limit: 1 });
    middle = page.next;
    page = await listTransactions(viewer, {}, { limit: 50, cursor: middle });
    if (page.transactions.length !== 50) throw new Error("there is no middle");
    return Object.keys(questions);
  },
  async ask({ question }) {
    const startedAt = performance.now();
    await questions[question]();
    return performance.now() - startedAt;
  },
  /** A first synchronisation of 5,000. */
  async sync({ connectionId }) {
    const transactions = Array.from({ length: 5000 }, (_, n) => ({
      id: `t${n}`,
      at: `2026-${String((n % 11) + 1).padStart(2, "0")}-15`,
      amount: { amountMinor: -n, currency: "CAD" },
      merchant: `SHOP ${n % 400} TORONTO ON`,
      accountId: "a",
      pending: false,
    }));
    const accounts = [{ id: "a", name: "Chequing", type: "checking", balance: null }];
    const startedAt = performance.now();
    const { written } = await financeStore(viewer, connectionId).commit({
      accounts,
      transactions,
      removed: [],
      cursor: "c",
    });
    if (written !== 5000) throw new Error(`${written} written`);
    return performance.now() - startedAt;
  },
});
