import { alerts, button, click, hasDialog, openScreen, settle } from "../testing-screen";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ModuleDetail } from "@/lib/contracts/module";
import { ModuleActions } from "./module-actions";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined, refresh: () => undefined }) }));
// The menu measures where it fits, which takes a real browser. Here it always stands open.
vi.mock("@/components/ui/dropdown-menu", () => {
  const Plain = ({ children }: { children: ReactNode }) => children;
  const Item = ({ children, onSelect }: { children: ReactNode; onSelect: () => void }) => (
    <button type="button" onClick={onSelect}>
      {children}
    </button>
  );
  return { DropdownMenu: Plain, DropdownMenuTrigger: Plain, DropdownMenuContent: Plain, DropdownMenuItem: Item };
});

const module: ModuleDetail = {
  ...{ category: "gaming", name: "test-game", title: "Test game", description: "", state: "active", source: "built" },
  ...{ activeDigest: "sha256:2", previousDigest: "sha256:1", problem: null, lastUsedAt: null },
  ...{ updatedAt: "2026-11-03T10:00:00Z", recentCalls: [], toolNames: [], credentials: [], versions: [] },
};

let answer: () => Promise<Response>;
const refuse = async () =>
  Response.json({ error: { code: "conflict", message: "It is in use.", hint: "Try later." } }, { status: 409 });
const agree = async () => Response.json({});
beforeEach(async () => {
  answer = refuse;
  vi.stubGlobal("fetch", () => answer());
  await openScreen(<ModuleActions module={module} />);
});

describe("what asks before it is done to a module", () => {
  it.each([
    ["Uninstall…", "Uninstall"],
    ["Roll back…", "Roll back"],
  ])("says in its dialog why it failed, and stays to be tried again: %s", async (asked, confirmed) => {
    await click(button(asked));
    await click(button(confirmed));
    expect([hasDialog(), alerts()]).toEqual([true, ["It is in use. Try later."]]);
    answer = agree;
    await click(button(confirmed));
    expect([hasDialog(), alerts()]).toEqual([false, []]);
  });

  it("says nothing of what failed before, neither in the next question nor on the page", async () => {
    await click(button("Disable"));
    expect(alerts()).toEqual(["It is in use. Try later."]);
    await click(button("Roll back…"));
    expect([hasDialog(), alerts()]).toEqual([true, []]);
    await click(button("Roll back"));
    await click(button("Cancel"));
    expect([hasDialog(), alerts()]).toEqual([false, []]);
  });

  it("says on the page what fails after its dialog was closed", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    answer = () => promise.then(refuse);
    await click(button("Uninstall…"));
    await click(button("Uninstall"));
    await click(button("Cancel"));
    await settle(resolve);
    expect([hasDialog(), alerts()]).toEqual([false, ["It is in use. Try later."]]);
  });
});
