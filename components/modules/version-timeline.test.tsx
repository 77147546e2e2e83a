import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { moduleManifestSchema, type ModuleDetail } from "@/lib/contracts/module";
import { sampleModule } from "@/lib/module-host/testing";
import { VersionTimeline } from "./version-timeline";

const manifest = moduleManifestSchema.parse(
  JSON.parse(sampleModule({ baseUrl: "https://game.example.org" })["manifest.json"] ?? ""),
);
const version = {
  manifest,
  report: null,
  origin: "built",
  createdAt: "2026-11-03T10:00:00Z",
  decidedAt: null,
} as const;
const module: ModuleDetail = {
  ...{ category: "gaming", name: "test-game", title: "Test game", description: "", state: "rejected", source: "built" },
  ...{ activeDigest: null, previousDigest: null, problem: null, updatedAt: "2026-11-03T10:00:00Z", lastUsedAt: null },
  ...{ recentCalls: [], toolNames: [], credentials: [] },
  versions: [
    { ...version, digest: `sha256:${"b".repeat(64)}`, state: "rejected", note: "Asks for <everything>" },
    { ...version, digest: `sha256:${"a".repeat(64)}`, state: "stale", note: null },
  ],
};

it("says at a version why it was turned down, and nothing where nobody said why", () => {
  const rows = renderToStaticMarkup(<VersionTimeline module={module} />)
    .split("<li")
    .slice(1);
  expect(rows.map((row) => /“(.*)”/.exec(row)?.[1] ?? null)).toEqual(["Asks for &lt;everything&gt;", null]);
});
