import type { AdapterManifest } from "../../contracts/adapter";

export const manifest: AdapterManifest = {
  id: "bank-file",
  title: "Bank files",
  description: "Brings accounts and transactions from the files that a bank lets you download.",
  category: "finance",
  connect: "file",
  rights: ["Reads the files that you give it, and nothing else."],
  environment: [],
  setup: [],
  syncEveryMs: null,
};
