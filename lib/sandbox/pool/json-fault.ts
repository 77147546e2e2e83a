import { maxResultDepth } from "../limits";

/**
 * Why JSON text of a guest must not become a value on the host's side; nothing when it may. Looks at the text only:
 * deep nesting overflows the stack of whoever walks the value, and a `__proto__` key changes the prototype of whatever
 * object it is assigned to. The text comes from JSON.stringify, which never escapes those letters.
 */
export function findJsonFault(json: string): string | undefined {
  if (isTooDeep(json)) return `is nested deeper than ${maxResultDepth} levels`;
  if (/"__proto__"\s*:/.test(json)) return 'has a key "__proto__"';
  return undefined;
}

function isTooDeep(json: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < json.length; at += 1) {
    const unit = json.charCodeAt(at);
    if (isInText) {
      if (unit === 92) at += 1;
      else if (unit === 34) isInText = false;
    } else if (unit === 34) isInText = true;
    else if (unit === 91 || unit === 123) {
      depth += 1;
      if (depth > maxResultDepth) return true;
    } else if (unit === 93 || unit === 125) depth -= 1;
  }
  return false;
}
