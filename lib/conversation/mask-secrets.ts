const mask = "[masked key]";

// Formats that are a secret wherever they stand. Sources: the vendors' own pages on their key formats.
const knownFormats: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bsk-(?:ant-|proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{20,}/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,})/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bAIza[0-9A-Za-z_-]{35}/g,
  /\bya29\.[0-9A-Za-z_-]{20,}/g,
  /\bxox[abeoprs]-[0-9A-Za-z-]{10,}/g,
  /\b(?:sk|rk|pk)_(?:live|test)_[0-9a-zA-Z]{16,}/g,
  /\bwhsec_[0-9a-zA-Z+/=]{20,}/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\bhf_[A-Za-z0-9]{30,}/g,
  /\bnvapi-[A-Za-z0-9_-]{40,}/g,
  /\bpplx-[A-Za-z0-9]{32,}/g,
  /\bgsk_[A-Za-z0-9]{40,}/g,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g,
  /\b\d{8,10}:[A-Za-z0-9_-]{35}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
];

const value = String.raw`["'\x60“„‘]?([^\s"'\x60“”„‘’<>,;(){}\[\]]{6,400})`;
const between = String.raw`["'\x60]?\s*(?:=|:|\bis\b|\bist\b|\best\b|\bes\b)\s*(?:the following\s*)?:?\s*`;

// Words that announce a secret. After the weak ones only something long is taken for one.
const strong =
  "(?:api|access|auth|secret|private|account|client|service|my|mein|your)[-_ ]?(?:api[-_ ]?)?(?:key|token|secret)|secret|pass(?:word|phrase|wd|wort)|pwd|kennwort|mot de passe|contraseña|schlüssel";
const weak = "key|token";
const announced: readonly { pattern: RegExp; minLength: number }[] = [
  {
    pattern: new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${strong})(?![\p{L}\p{N}])${between}${value}`, "giu"),
    minLength: 6,
  },
  {
    pattern: new RegExp(String.raw`(?<![\p{L}\p{N}_-])(?:${weak})(?![\p{L}\p{N}])${between}${value}`, "giu"),
    minLength: 20,
  },
  {
    pattern: new RegExp(String.raw`\b(?:authorization\s*:\s*)?(?:bearer|basic)\s+${value}`, "giu"),
    minLength: 16,
  },
  {
    pattern: /[?&](?:api[-_]?key|key|access[-_]?token|token|secret|password|appid)=([^\s&#"'<>]{16,400})/giu,
    minLength: 16,
  },
  { pattern: /\bhttps?:\/\/[^\s/:@]{1,100}:([^\s/@]{4,200})@/giu, minLength: 4 },
];

/**
 * A message with keys and passwords replaced, for storing: what a person pastes by mistake must not reach the log, the model
 * or a page. Knows the formats of well-known providers and sentences such as "my key is …". A safety net, not a proof.
 */
export function maskSecrets(text: string): { text: string; count: number } {
  let count = 0;
  let masked = text;
  for (const pattern of knownFormats)
    masked = masked.replace(pattern, () => {
      count += 1;
      return mask;
    });
  for (const { pattern, minLength } of announced)
    masked = masked.replace(pattern, (all: string, secret: string) => {
      const core = secret.replace(/[.!?:]+$/, "");
      if (core.length < minLength || !looksSecret(core)) return all;
      count += 1;
      const at = all.lastIndexOf(core);
      return all.slice(0, at) + mask + all.slice(at + core.length);
    });
  return { text: masked, count };
}

/** Not a word, a number, a date, an address, a digest or a placeholder. */
function looksSecret(value: string): boolean {
  if (/^(?:https?:|www\.|sha\d*[:-]|\$|\[masked|x{4,}|\.{3}|\*+)/i.test(value)) return false;
  if (/^\d{4}-\d\d-\d\d/.test(value) || /^[\d.,:/-]+$/.test(value)) return false;
  if (!/\p{L}/u.test(value)) return /[^\d\s]/.test(value);
  const hasDigit = /\d/.test(value);
  const isMixed = /\p{Ll}/u.test(value) && /\p{Lu}/u.test(value);
  const hasSymbol = /[!@#$%^&*+=~|\\]/.test(value);
  return hasDigit || hasSymbol || (isMixed && value.length >= 16 && !value.includes("-"));
}
