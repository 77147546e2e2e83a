import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ModuleFiles } from "@/lib/contracts/module";
import type { Viewer } from "@/lib/contracts/viewer";
import { testDatabase, testUser } from "@/lib/db/testing";
import { closeSandbox } from "@/lib/sandbox/host";
import { closeTypeChecker } from "@/lib/sandbox/type-check";
import { approve, setCredentials } from "./decide";
import { scanModuleFolders } from "./scan";
import { sampleModule } from "./testing";
import { listModuleTools } from "./tools";
import { findModule, listModules } from "./views";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let root: string;
const settings = vi.hoisted(() => ({ modules: "" }));
vi.mock("@/lib/env", async (original) => {
  const real = await original<typeof import("@/lib/env")>();
  return {
    ...real,
    env: () => ({ ...real.env(), BURGEON_MODULES_DIR: settings.modules, DATABASE_URL: real.env().DATABASE_URL }),
  };
});

beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser("owner");
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "burgeon-modules-"));
  settings.modules = root;
  return () => rmSync(root, { recursive: true, force: true });
});
afterAll(async () => {
  await Promise.all([closeSandbox(), closeTypeChecker()]);
  await database.close();
});

function place(
  category: string,
  name: string,
  files: ModuleFiles = sampleModule({ baseUrl: "https://game.example.com", category, name }),
): void {
  for (const [path, text] of Object.entries(files)) {
    const full = join(root, category, name, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }
}

describe("module folders", () => {
  it("are found, checked once, and wait for approval", async () => {
    place("gaming", "one");
    expect(await scanModuleFolders()).toMatchObject({ found: 1, checked: 1, problems: [] });
    expect(await findModule(viewer, "gaming", "one")).toMatchObject({ state: "awaiting_review", source: "folder" });
    expect(await scanModuleFolders()).toMatchObject({ found: 1, checked: 0, problems: [] });
  });

  it("keep their tools until the folder is gone, and ask again when it comes back", async () => {
    place("gaming", "two");
    await scanModuleFolders();
    const digest = (await findModule(viewer, "gaming", "two"))?.versions[0]?.digest ?? "";
    await approve(viewer, "gaming", "two", digest);
    await setCredentials(viewer, "gaming", "two", { game_key: "k-1234" });
    expect((await listModuleTools(viewer)).map(({ name }) => name)).toContain("two_list_scores");
    rmSync(join(root, "gaming", "two"), { recursive: true });
    expect(await scanModuleFolders()).toMatchObject({ removed: 1 });
    expect(await listModuleTools(viewer)).toEqual([]);
    place("gaming", "two");
    await scanModuleFolders();
    expect(await findModule(viewer, "gaming", "two")).toMatchObject({ state: "awaiting_review", activeDigest: null });
  });

  it("that are broken or hostile say what is wrong and hold up nothing else", async () => {
    place("gaming", "good");
    place("gaming", "no-manifest", { "adapter.ts": "export default {};\n" });
    place(
      "gaming",
      "loops",
      sampleModule({
        baseUrl: "https://game.example.com",
        category: "gaming",
        name: "loops",
        adapter: "for (;;) {}\nexport default {};\n",
      }),
    );
    place("gaming", "linked");
    symlinkSync("/etc/passwd", join(root, "gaming", "linked", "passwd.txt"));
    mkdirSync(join(root, "gaming", "Bad Name"), { recursive: true });
    symlinkSync("/", join(root, "outside"));
    const { problems, found } = await scanModuleFolders();
    expect(found).toBe(4);
    expect(problems.map(({ name }) => name).sort()).toEqual(["linked", "loops", "no-manifest"]);
    const list = await listModules(viewer);
    const byName = (name: string) => list.find((module) => module.name === name);
    expect(byName("good")?.state).toBe("awaiting_review");
    expect(byName("no-manifest")).toMatchObject({
      state: "tests_failed",
      problem: expect.stringContaining("manifest.json"),
    });
    expect(byName("linked")?.problem).toContain("link");
    expect(byName("loops")?.state).toBe("tests_failed");
  });

  it("that changed become a new version while the approved one goes on", async () => {
    place("gaming", "three");
    await scanModuleFolders();
    const digest = (await findModule(viewer, "gaming", "three"))?.versions[0]?.digest ?? "";
    await approve(viewer, "gaming", "three", digest);
    place(
      "gaming",
      "three",
      sampleModule({ baseUrl: "https://game.example.com", category: "gaming", name: "three", version: "1.0.1" }),
    );
    await scanModuleFolders();
    const module = await findModule(viewer, "gaming", "three");
    expect(module?.activeDigest).toBe(digest);
    expect(module?.versions.map(({ state }) => state)).toEqual(["awaiting_review", "approved"]);
  });
});
