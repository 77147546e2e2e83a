import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { checkUrl, isPublicAddress } from "./address";

const publicAnswer = async () => ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"];
const unreachable = async (): Promise<string[]> => {
  throw new Error("must not be resolved");
};

/** Spellings of loopback, private, link-local, metadata and otherwise special targets: none may be reached. */
const refusedLiterals = [
  // Loopback in every notation of IPv4.
  ..."127.0.0.1 127.0.0.2 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.1 0x7f.0x0.0x0.0x1 017700000001 0177.0.0.1 0177.0.0.01 00000177.1 127.0.0.1. 0X7F.1 0x7f.0.1 2130706434 017700000002 127.000.000.001 127.0.0.0x1".split(
    " ",
  ),
  // "This network", broadcast, multicast, reserved.
  ..."0 0.0.0.0 0.0.0.1 0x0 00 0.1 0.255.255.255 255.255.255.255 4294967295 0xffffffff 224.0.0.1 239.255.255.250 240.0.0.1 250.1.2.3".split(
    " ",
  ),
  // Private and shared ranges, first and last addresses.
  ..."10.0.0.0 10.0.0.1 10.255.255.255 167772161 0xa.1 012.0.0.1 172.16.0.1 172.31.255.255 2886729729 0xac.0x10.0.1 192.168.0.1 192.168.255.255 3232235521 0xc0.0xa8.1 0300.0250.1 100.64.0.1 100.127.255.255 100.100.100.200 198.18.0.1 198.19.255.255".split(
    " ",
  ),
  // Link-local and the metadata services of clouds.
  ..."169.254.169.254 169.254.0.1 169.254.170.2 2852039166 0xa9fea9fe 0xa9.0xfe.0xa9.0xfe 0251.0376.0251.0376 169.16689662 169.254.43518 168.63.129.16 2822734096 0xa83f8110 192.0.0.192".split(
    " ",
  ),
  // Documentation, benchmarking, protocol assignments, retired relays.
  ..."192.0.2.1 198.51.100.7 203.0.113.9 192.0.0.1 192.88.99.1 192.31.196.1 192.52.193.1 192.175.48.1".split(" "),
  // IPv6: loopback, unspecified, local, multicast, documentation, discard, unassigned.
  ..."[::1] [0:0:0:0:0:0:0:1] [0000::0001] [::] [::0] [fe80::1] [febf::1] [fec0::1] [fc00::1] [fd00::1] [fdff:ffff::1] [fd00:ec2::254] [ff02::1] [ff0e::1] [2001:db8::1] [3fff::1] [100::1] [4000::1] [5f00::1] [8000::1]".split(
    " ",
  ),
  // IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP.
  ..."[::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] [::ffff:a9fe:a9fe] [::FFFF:192.168.1.1] [0:0:0:0:0:ffff:7f00:0001] [::ffff:168.63.129.16] [::127.0.0.1] [::7f00:1] [::10.0.0.1] [::169.254.169.254] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b::10.0.0.1] [64:ff9b:1::7f00:1] [64:ff9b:1::808:808] [2002:7f00:1::] [2002:7f00:0001::1] [2002:a00:1::1] [2002:c0a8:101::] [2002:a9fe:a9fe::] [2001:0:53aa:64c:0:0:80ff:fffe] [2001::1] [2a01:4f8::5efe:7f00:1] [2a01:4f8::200:5efe:808:808] [2001:20::1]".split(
    " ",
  ),
  // Folded by the URL standard: full-width, circled, mathematical, percent-encoded, ideographic dots.
  ..."１２７.0.0.1 ①②⑦.0.0.1 127。0。0。1 127．0．0．1 127｡0｡0｡1 𝟏𝟐𝟕.0.0.1 %31%32%37.0.0.1 127%2e0%2e0%2e1 ⓛⓞⓒⓐⓛⓗⓞⓢⓣ ｌｏｃａｌｈｏｓｔ LOCALHOST lOcAlHoSt %6cocalhost ⑯⑨.②⑤④.⑯⑨.②⑤④ ０ｘ７ｆ.1".split(
    " ",
  ),
];

const refusedNames =
  "localhost localhost. localhost.. app.localhost localhost.localdomain printer.local router.home nas.lan server.corp db.internal metadata.google.internal metadata metadata. instance-data metadata.goog metadata.azure.com kubernetes.default.svc kubernetes kubernetes.default.svc.cluster.local host.docker.internal gateway.docker.internal box.home.arpa facebookcorewwwi.onion intranet wpad db redis".split(
    " ",
  );

const refusedForms = [
  "ftp://example.com/",
  "file:///etc/passwd",
  "gopher://127.0.0.1:6379/_x",
  "data:text/plain,x",
  "javascript:alert(1)",
  "blob:http://example.com/x",
  "ws://example.com/",
  "unix:/var/run/docker.sock",
  "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
  "",
  "example.com",
  "//example.com/",
  "http://",
  "https://[::1",
  "http://[::1%25lo]/",
  "http://256.256.256.256/",
  "http://user@example.com/",
  "http://user:pass@example.com/",
  "http://:pass@example.com/",
  "http://@example.com/",
  "http://:@example.com/",
  "http://example.com@127.0.0.1/",
  "http://127.0.0.1@example.com/",
  "http://example.com%40x@127.0.0.1/",
  "\thttp://a@example.com/",
  "http:\\\\a@example.com/",
  "http://example.com:8080/",
  "http://example.com:22/",
  "https://example.com:8443/",
  "http://example.com:0/",
  "http://example.com:65536/",
  "http://8.8.8.8:53/",
];

const allowedForms = [
  "http://example.com/",
  "https://example.com/path?query=1#fragment",
  "https://EXAMPLE.com./",
  "https://api.example.com:443/",
  "http://api.example.com:80/",
  "https://example.com:80/",
  "https://münchen.de/",
  "https://例え.jp/",
  "https://localhost.example.com/",
  "https://my-internal.example.com/",
  "https://internal.com/",
  "https://local.dev/",
  "https://127.0.0.1.example.com/",
  "https://example.com/@user",
  "https://example.com/?next=http://user@host/",
  "http://8.8.8.8/",
  "https://1.1.1.1/",
  "http://134744072/",
  "https://172.15.0.1/",
  "https://172.32.0.1/",
  "https://100.63.255.255/",
  "https://100.128.0.1/",
  "https://192.167.255.255/",
  "https://11.0.0.1/",
  "https://[2606:4700:4700::1111]/",
  "https://[::ffff:8.8.8.8]/",
  "https://[64:ff9b::8.8.8.8]/",
  "https://[2002:808:808::1]/",
];

describe("checkUrl", () => {
  it("knows at least 130 spellings of forbidden targets", () => {
    expect(refusedLiterals.length + refusedNames.length).toBeGreaterThanOrEqual(130);
    expect(new Set(refusedLiterals).size).toBe(refusedLiterals.length);
  });

  it.each(refusedLiterals)("refuses %s over http and https, without asking a resolver that would lie", async (host) => {
    for (const scheme of ["http", "https"])
      expect(await checkUrl(`${scheme}://${host}/`, publicAnswer, [])).toMatchObject({ allowed: false });
  });

  it.each(refusedNames)("refuses the name %s although it resolves to a public address", async (name) => {
    expect(await checkUrl(`https://${name}/`, publicAnswer, [])).toMatchObject({ allowed: false });
  });

  it.each(refusedForms)("refuses %j", async (url) => {
    expect(await checkUrl(url, publicAnswer, [])).toMatchObject({ allowed: false, reason: expect.stringMatching(/./) });
  });

  it.each(allowedForms)("allows %s", async (url) => {
    expect(await checkUrl(url, publicAnswer, [])).toMatchObject({ allowed: true });
  });

  it("refuses a name when a single one of its answers is not public, and when there is none", async () => {
    const answers = (...addresses: string[]) => checkUrl("https://example.com/", async () => addresses, []);
    expect(await answers("93.184.216.34", "10.0.0.1")).toMatchObject({ allowed: false });
    expect(await answers("::ffff:127.0.0.1", "93.184.216.34")).toMatchObject({ allowed: false });
    expect(await answers("fe80::1%eth0")).toMatchObject({ allowed: false });
    expect(await answers("2606:4700::1%eth0")).toMatchObject({ allowed: false });
    expect(await answers("not an address")).toMatchObject({ allowed: false });
    expect(await answers("0x7f.1")).toMatchObject({ allowed: false });
    expect(await answers()).toMatchObject({ allowed: false });
    expect(await checkUrl("https://example.com/", unreachable, [])).toMatchObject({ allowed: false });
  });

  it("asks for the name once, without its final dot, and never for a literal", async () => {
    const resolve = vi.fn(publicAnswer);
    await checkUrl("https://Example.com./", resolve, []);
    expect(resolve.mock.calls).toEqual([["example.com"]]);
    expect(await checkUrl("https://8.8.8.8/", unreachable, [])).toEqual({ allowed: true, addresses: ["8.8.8.8"] });
  });

  it("lets an exception through for exactly its host and port", async () => {
    const allow = ["127.0.0.1:4310", "box.local:81"];
    expect(await checkUrl("http://127.0.0.1:4310/x", unreachable, allow)).toMatchObject({ allowed: true });
    expect(await checkUrl("http://0x7f.1:4310/x", unreachable, allow)).toMatchObject({ allowed: true });
    expect(await checkUrl("http://127.0.0.1:4311/", unreachable, allow)).toMatchObject({ allowed: false });
    expect(await checkUrl("http://127.0.0.2:4310/", unreachable, allow)).toMatchObject({ allowed: false });
    expect(await checkUrl("http://localhost:4310/", publicAnswer, allow)).toMatchObject({ allowed: false });
    expect(await checkUrl("http://user@127.0.0.1:4310/", unreachable, allow)).toMatchObject({ allowed: false });
    expect(await checkUrl("ftp://127.0.0.1:4310/", unreachable, allow)).toMatchObject({ allowed: false });
    expect(await checkUrl("http://box.local:81/", async () => ["10.0.0.5"], allow)).toEqual({
      allowed: true,
      addresses: ["10.0.0.5"],
    });
  });

  it("takes the exceptions of the environment when called with two arguments, none by default", async () => {
    vi.stubEnv("DATABASE_URL", undefined);
    expect(await checkUrl("http://127.0.0.1:4310/", unreachable)).toMatchObject({ allowed: false });
    vi.stubEnv("BURGEON_EGRESS_ALLOW", "127.0.0.1:4310");
    expect(await checkUrl("http://127.0.0.1:4310/", unreachable)).toMatchObject({ allowed: true });
  });

  it("never throws, whatever the text", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.webUrl(),
      fc.string().map((part) => `http://${part}/`),
    );
    await fc.assert(
      fc.asyncProperty(text, async (url) => {
        expect(typeof (await checkUrl(url, publicAnswer, [])).allowed).toBe("boolean");
      }),
      { numRuns: 500 },
    );
  });
});

const octet = fc.integer({ min: 0, max: 255 });
const v4 = fc.tuple(octet, octet, octet, octet);
const hex = (high: number, low: number) => ((high << 8) | low).toString(16);

describe("the law of spellings", () => {
  it("judges an IPv4 address alike in decimal, octal, hexadecimal, as one number and inside IPv6", async () => {
    await fc.assert(
      fc.asyncProperty(v4, async ([a, b, c, d]) => {
        const isPublic = isPublicAddress([a, b, c, d].join("."));
        const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
        const low = (c << 8) | d;
        const spellings = [
          `${whole}`,
          `0x${whole.toString(16)}`,
          `0${whole.toString(8)}`,
          `${a}.${b}.${low}`,
          [a, b, c, d].map((part) => `0x${part.toString(16)}`).join("."),
          [a, b, c, d].map((part) => `0${part.toString(8)}`).join("."),
          `[::ffff:${a}.${b}.${c}.${d}]`,
          `[::ffff:${hex(a, b)}:${hex(c, d)}]`,
          `[64:ff9b::${a}.${b}.${c}.${d}]`,
          `[2002:${hex(a, b)}:${hex(c, d)}::1]`,
        ];
        for (const host of spellings)
          expect([host, (await checkUrl(`http://${host}/`, unreachable, [])).allowed]).toEqual([host, isPublic]);
      }),
      { numRuns: 300 },
    );
  });

  it("allows no address of a private, local or special range", () => {
    const ranges: [fc.Arbitrary<number>[], string][] = [
      [[fc.constant(127), octet, octet, octet], "loopback"],
      [[fc.constant(10), octet, octet, octet], "private"],
      [[fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet], "private"],
      [[fc.constant(192), fc.constant(168), octet, octet], "private"],
      [[fc.constant(169), fc.constant(254), octet, octet], "link-local"],
      [[fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet], "shared"],
      [[fc.constant(0), octet, octet, octet], "this network"],
      [[fc.integer({ min: 224, max: 255 }), octet, octet, octet], "multicast and reserved"],
    ];
    for (const [parts] of ranges)
      fc.assert(
        fc.property(fc.tuple(...parts), (octets) => !isPublicAddress(octets.join("."))),
        { numRuns: 200 },
      );
  });

  it("allows an IPv6 address only from 2000::/3 or when it wraps a public IPv4 address", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (parts) => {
        const isGlobal = ((parts[0] ?? 0) & 0xe000) === 0x2000;
        return isGlobal || !isPublicAddress(parts.map((part) => part.toString(16)).join(":"));
      }),
      { numRuns: 500 },
    );
  });
});
