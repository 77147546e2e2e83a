import type { Finding } from "@/lib/contracts/finding";
import type { ModuleFiles } from "@/lib/contracts/module";

/** Forms of keys that vendors publish for secret scanners, and forms that are secrets whoever made them. */
const patterns: [string, RegExp][] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["an AWS access key", /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a GitHub token", /\b(ghp|gho|ghs|ghr|github_pat)_[A-Za-z0-9_]{20,}/],
  ["an OpenAI or Anthropic key", /\bsk-(ant-|proj-)?[A-Za-z0-9_-]{20,}/],
  ["a Slack token", /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
  ["a Google API key", /\bAIza[A-Za-z0-9_-]{35}\b/],
  ["a Stripe key", /\b[rs]k_(live|test)_[A-Za-z0-9]{16,}/],
  ["a signed token (JWT)", /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ["a Burgeon token", /\bbgn_[A-Za-z0-9_-]{43}/],
  ["a password inside an address", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']+:[^\s/@"']+@/i],
  [
    "a credential header",
    /["'](authorization|x-api-key|api-key|cookie|set-cookie)["']\s*:\s*["'](?!\[)[^"']{12,}["']/i,
  ],
];

/** Secrets have no place in a module: its files are stored readable and shown on pages. The finding never repeats the value. */
export function findSecrets(files: ModuleFiles): Finding[] {
  const findings: Finding[] = [];
  for (const [file, text] of Object.entries(files))
    text.split("\n").forEach((line, index) => {
      const kind = patterns.find(([, pattern]) => pattern.test(line))?.[0];
      if (kind)
        findings.push({
          code: "secret_found",
          file,
          line: index + 1,
          message: `This line holds what looks like ${kind}.`,
          hint: "Declare a credential in the manifest: Burgeon adds it to the request, and the module never sees it.",
        });
    });
  return findings.slice(0, 20);
}
