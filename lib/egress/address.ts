import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { egressExceptions } from "@/lib/env";

export type AddressDecision = { allowed: true; addresses: string[] } | { allowed: false; reason: string };

/** Names that mean this machine, the local network or a cloud's metadata service, whatever they resolve to. */
const refusedNames = new Set(["metadata.goog", "metadata.azure.com", "metadata.packet.net"]);
const refusedSuffixes = [
  ".localhost",
  ".localdomain",
  ".local",
  ".internal",
  ".intranet",
  ".private",
  ".lan",
  ".home",
  ".corp",
  ".home.arpa",
  ".onion",
  ".svc",
];

/** Azure's host node answers on this public-looking address. */
const refusedAddresses = new Set(["168.63.129.16"]);
const allowedPorts = new Set(["80", "443"]);

/**
 * May Burgeon send a request here? http and https on ports 80 and 443 only, no user info, every address that the name
 * resolves to must be global unicast (after unwrapping IPv4 inside IPv6), special names are refused.
 * @param resolve all A and AAAA answers of a name; not called for IP literals
 * @param allow `host:port` exceptions; BURGEON_EGRESS_ALLOW when not given
 * @returns the addresses that may be connected to, and no others
 */
export async function checkUrl(
  url: string,
  resolve: (host: string) => Promise<string[]>,
  allow: readonly string[] = egressExceptions(),
): Promise<AddressDecision> {
  if (!URL.canParse(url)) return refuse("this is not a valid address");
  const parsed = new URL(url);
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") return refuse("only http and https are allowed");
  if (parsed.username || parsed.password || hasUserInfo(url))
    return refuse("an address with a user name or password is not allowed");
  const host = parsed.hostname.toLowerCase().replace(/\.+$/, "");
  if (host === "") return refuse("the address has no host");
  const port = portOf(parsed);
  const isException = allow.includes(`${host}:${port}`);
  if (!isException && !allowedPorts.has(port)) return refuse(`port ${port} is not allowed`);
  const literal = host.startsWith("[") ? host.slice(1, -1) : host;
  if (isIP(literal)) return judge([literal], isException);
  if (!isException && isSpecialName(host)) return refuse(`the name ${host} is reserved for local use`);
  let answers: string[];
  try {
    answers = await resolve(host);
  } catch {
    return refuse(`the name ${host} could not be resolved`);
  }
  if (answers.length === 0) return refuse(`the name ${host} has no address`);
  return judge(answers, isException);
}

/** True when the person who runs Burgeon excepted this host and port by name. */
export function isException(url: URL, allow: readonly string[] = egressExceptions()): boolean {
  return allow.includes(`${url.hostname.toLowerCase().replace(/\.+$/, "")}:${portOf(url)}`);
}

/** Is this address reachable from anywhere on the internet, and nowhere else? */
export function isPublicAddress(address: string): boolean {
  if (!isIP(address)) return false;
  const plain = unwrap(ipaddr.parse(address));
  if (plain === null || refusedAddresses.has(plain.toString())) return false;
  if (plain instanceof ipaddr.IPv4) return plain.range() === "unicast" && !isReservedV4(plain);
  // 2000::/3 is all that is given out as global unicast.
  return plain.range() === "unicast" && ((plain.parts[0] ?? 0) & 0xe000) === 0x2000 && !isReservedV6(plain);
}

function judge(addresses: string[], isExcepted: boolean): AddressDecision {
  const isFit = isExcepted ? (address: string) => isIP(address) !== 0 : isPublicAddress;
  if (!addresses.every(isFit)) return refuse("it leads to an address that is not on the public internet");
  return { allowed: true, addresses: [...addresses] };
}

/** The IPv4 address that an IPv6 one carries (mapped, compatible, NAT64, 6to4), else the address itself. Null: never allowed. */
function unwrap(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.zoneId) return null;
  const { parts } = address;
  const [p0 = 0, p1 = 0, p2 = 0, , p4 = 0, p5 = 0, p6 = 0, p7 = 0] = parts;
  const areZero = (from: number, to: number) => parts.slice(from, to).every((part) => part === 0);
  if (areZero(0, 6) || (areZero(0, 5) && p5 === 0xffff)) return fromParts(p6, p7);
  if (p0 === 0x64 && p1 === 0xff9b) return areZero(2, 6) ? fromParts(p6, p7) : null;
  if (p0 === 0x2002) return fromParts(p1, p2);
  // ISATAP: any prefix, then 0:5efe or 200:5efe, then the IPv4 address.
  if (p5 === 0x5efe && (p4 & ~0x200) === 0) return null;
  return address;
}

function fromParts(high: number, low: number): ipaddr.IPv4 {
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}

/** Given out for special use by the IANA registry; listed here so that the rule does not hang on a library's version. */
const reservedV4 = ["192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24"].map(
  (range) => ipaddr.IPv4.parseCIDR(range),
);
const reservedV6 = ["2001::/23", "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48"].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);

function isReservedV4(address: ipaddr.IPv4): boolean {
  return reservedV4.some((range) => address.match(range));
}

function isReservedV6(address: ipaddr.IPv6): boolean {
  return reservedV6.some((range) => address.match(range));
}

function isSpecialName(host: string): boolean {
  return !host.includes(".") || refusedNames.has(host) || refusedSuffixes.some((suffix) => host.endsWith(suffix));
}

/** `http://@host/` and `http://:@host/` lose their empty user info in parsing; they exist only to confuse. */
function hasUserInfo(url: string): boolean {
  const authority = /^[\s\0]*[a-z][a-z0-9+.-]*:[/\\]*([^/\\?#]*)/i.exec(url.replace(/[\t\n\r]/g, ""))?.[1] ?? "";
  return authority.includes("@");
}

function portOf(url: URL): string {
  return url.port || (url.protocol === "https:" ? "443" : "80");
}

function refuse(reason: string): AddressDecision {
  return { allowed: false, reason };
}
