import type { FileOptions, FileReading, SourceAccount, SourceTransaction } from "../../../contracts/adapter";
import { AppError } from "../../../contracts/errors";
import { accountOf } from "../account-of";
import { createIdMaker, tidyText } from "../make-id";
import { readAmount } from "../read-amount";
import { toDate } from "../read-date";
import { findNode, findNodes, type OfxNode, parseOfx, childValue } from "./parse-ofx";

const statements = ["STMTRS", "CCSTMTRS", "INVSTMTRS"];
const accountNodes = ["BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"];
const accountTypes: Record<string, SourceAccount["type"]> = {
  CHECKING: "checking",
  SAVINGS: "savings",
  MONEYMRKT: "savings",
  CD: "savings",
  CREDITLINE: "credit",
};
const notTrades = new Set(["DTSTART", "DTEND", "INVBANKTRAN"]);
const maxTextChars = 300;

/** Reads the statements of an OFX or QFX file: accounts with their balances, and what was booked. */
export function readOfx(text: string, options: FileOptions & { maxTransactions: number }): FileReading {
  const { root, isWhole } = parseOfx(text);
  const found = statements.flatMap((name) => findNodes(root, name));
  const count = found.reduce((sum, node) => sum + findNodes(node, "STMTTRN").length, 0);
  if (count > options.maxTransactions)
    throw new AppError(
      "invalid",
      `This file has more than ${options.maxTransactions} transactions. Ask your bank for a shorter period.`,
    );
  const institution = childValue(findNode(root, "FI"), "ORG") || undefined;
  const accounts = new Map<string, SourceAccount>();
  const transactions = new Map<string, SourceTransaction>();
  const problems: FileReading["problems"] = [];
  for (const node of found) {
    const currency = currencyOf(childValue(node, "CURDEF")) ?? options.currency;
    const account = readAccount(node, currency, { name: options.accountName, institution });
    accounts.set(account.id, account);
    // Counted anew in every list: the same day in two lists of one file is the same day, not twice the purchases.
    const makeId = createIdMaker();
    for (const entry of findNodes(node, "STMTTRN")) {
      const read = readEntry(entry, account.id, currency, makeId);
      if ("message" in read) problems.push({ line: entry.line, message: read.message, text: textOf(entry) });
      else if (!transactions.has(read.id)) transactions.set(read.id, read);
    }
    problems.push(...findUnread(node));
  }
  if (!isWhole) {
    const line = text.trimEnd().split("\n").length;
    problems.push({ line, message: "The file stops before its end. What would follow is missing.", text: "" });
  }
  return { accounts: [...accounts.values()], transactions: [...transactions.values()], problems };
}

function readAccount(
  statement: OfxNode,
  currency: string,
  file: { name: string; institution: string | undefined },
): SourceAccount {
  const from = accountNodes.map((name) => findNode(statement, name)).find((node) => node !== undefined);
  const number = childValue(from, "ACCTID");
  const bank = childValue(from, "BANKID") || childValue(from, "BROKERID");
  const kind =
    statement.name === "CCSTMTRS"
      ? "credit"
      : statement.name === "INVSTMTRS"
        ? "investment"
        : accountTypes[childValue(from, "ACCTTYPE").toUpperCase()];
  const key = [bank, childValue(from, "BRANCHID"), number].filter(Boolean).join(" ");
  const account = accountOf(key || file.name, file.name, kind);
  const available = balanceOf(statement, "AVAILBAL", currency);
  return {
    ...account,
    balance: balanceOf(statement, "LEDGERBAL", currency),
    ...(available ? { available } : {}),
    ...(file.institution ? { institution: file.institution } : {}),
  };
}

function balanceOf(statement: OfxNode, name: string, currency: string): SourceAccount["balance"] {
  const read = readOfxAmount(childValue(findNode(statement, name), "BALAMT"), currency);
  return read.isRead ? { amountMinor: read.minor, currency } : null;
}

function readEntry(
  entry: OfxNode,
  accountId: string,
  statementCurrency: string,
  makeId: (parts: readonly string[]) => string,
): SourceTransaction | { message: string } {
  const at = readDay(childValue(entry, "DTPOSTED") || childValue(entry, "DTUSER"));
  if (at === null) return { message: "The date of this entry is not a day written as yyyyMMdd." };
  const own = entry.children.find((child) => child.name === "CURRENCY");
  const currency = currencyOf(childValue(own, "CURSYM")) ?? statementCurrency;
  const amount = readOfxAmount(childValue(entry, "TRNAMT"), currency);
  if (!amount.isRead) return { message: amount.message };
  const payee = childValue(findNode(entry, "PAYEE"), "NAME");
  const name = tidyText(childValue(entry, "NAME") || payee);
  const memo = tidyText(childValue(entry, "MEMO"));
  const fitId = childValue(entry, "FITID");
  const facts = [accountId, at, String(amount.minor), currency];
  // Some banks give one FITID to several entries, some write zeros: date and amount belong to the id in any case.
  const id = /^0*$/.test(fitId) ? makeId([...facts, name, memo]) : makeId([...facts, "FITID", fitId]);
  return {
    id,
    at,
    amount: { amountMinor: amount.minor, currency },
    merchant: name || memo || "No description",
    accountId,
    pending: false,
    ...(memo !== "" && name !== "" && memo !== name ? { description: memo } : {}),
    ...(childValue(entry, "TRNTYPE") === "" ? {} : { sourceCategory: childValue(entry, "TRNTYPE") }),
  };
}

/**
 * The day as the bank wrote it, in the zone that it named. Times in these files are mostly made up (noon, midnight): turned into
 * another zone, they would move a purchase to the day before.
 */
function readDay(text: string): string | null {
  const match = /^(\d{4})(\d{2})(\d{2})(?:\d{2,6}(?:[.,]\d+)?)?\s*(?:\[[-+\d.]*(?::[^\]]*)?\])?$/.exec(text);
  return match ? toDate(Number(match[1]), Number(match[2]), Number(match[3])) : null;
}

/** Either mark may stand before the cents, and nothing between thousands (OFX 1.6, 3.2.9.2). */
function readOfxAmount(text: string, currency: string) {
  return readAmount(text, text.includes(",") && !text.includes(".") ? "," : ".", currency);
}

function currencyOf(text: string): string | null {
  return /^[A-Z]{3}$/.test(text) ? text : null;
}

/** Trades in securities and what is not booked yet: told, because nothing is left out in silence. */
function findUnread(statement: OfxNode): FileReading["problems"] {
  const trades = findNodes(statement, "INVTRANLIST").flatMap((list) =>
    list.children.filter((child) => !notTrades.has(child.name)),
  );
  const waiting = findNodes(statement, "STMTTRNP");
  const tell = (message: string) => (node: OfxNode) => ({ line: node.line, message, text: textOf(node) });
  return [
    ...trades.map(tell("Burgeon does not read trades in securities.")),
    ...waiting.map(tell("This is not booked yet. It comes with a later file.")),
  ];
}

function textOf(node: OfxNode): string {
  const words = node.children.map((child) => `${child.name} ${child.value || textOf(child)}`);
  return words.join(", ").slice(0, maxTextChars);
}
