import { openScreen } from "../testing-screen";
import { describe, expect, it, vi } from "vitest";
import type { ConnectionView } from "@/lib/contracts/connection";
import { DisconnectDialog } from "./disconnect-dialog";
import { makeConnection } from "./testing-connection";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: () => undefined }) }));

const holds = { calendars: 0, events: 0, accounts: 3, transactions: 1079 };

async function chosen(change: Partial<ConnectionView>): Promise<(string | undefined)[]> {
  const connection = makeConnection({ category: "finance", holds, ...change });
  await openScreen(<DisconnectDialog connection={connection} onClose={() => undefined} onDone={() => undefined} />);
  const labels = [...document.querySelectorAll("label")];
  return labels
    .filter((label) => label.querySelector<HTMLInputElement>("input")?.checked)
    .map((label) => label.textContent?.split(/[ .]/)[0]);
}

describe("the dialog of disconnecting", () => {
  it("begins with keeping what came, whatever was chosen the time before", async () => {
    expect(await chosen({})).toEqual(["Keep"]);
    expect(await chosen({ keepsHistory: false })).toEqual(["Keep"]);
  });

  it("shows what was chosen for one that is being ended", async () => {
    expect(await chosen({ health: "disconnecting", keepsHistory: false })).toEqual(["Delete"]);
    expect(await chosen({ health: "disconnecting" })).toEqual(["Keep"]);
  });
});
