import { expect, test } from "@burgeon/sdk/test";

test("get_player is a canonical profile, however the tag is written", async ({ run }) => {
  const expected = {
    id: "#2PP0VQL",
    username: "Mira",
    level: 54,
    trophies: 7421,
    bestTrophies: 7633,
    wins: 4120,
    losses: 3011,
    gamesPlayed: 9875,
    clanName: "North Tower",
    arena: "Legendary Arena",
  };
  for (const tag of ["#2PP0VQL", "2pp0vql", " #2PPoVQL "]) expect(await run("get_player", { tag })).toEqual(expected);
});

test("get_player of a newcomer leaves out what is not there", async ({ run }) => {
  expect(await run("get_player", { tag: "#90Y" })).toEqual({
    id: "#90Y",
    username: "New",
    level: 1,
    trophies: 0,
    wins: 0,
    losses: 0,
  });
});

test("list_battles tells result, change and opponent of each battle", async ({ run }) => {
  const { items } = await run("list_battles", { tag: "#2PP0VQL" });
  expect(items).toEqual([
    {
      id: "20260114T183000.000Z#8CC",
      at: "2026-01-14T18:30:00.000Z",
      gameType: "Ladder",
      result: "win",
      trophiesChange: 31,
      opponentName: "Otto",
    },
    {
      id: "20260114T182000.000Z#9GG",
      at: "2026-01-14T18:20:00.000Z",
      gameType: "Ladder",
      result: "loss",
      trophiesChange: -28,
      opponentName: "Pia",
    },
    {
      id: "20260113T091500.000Z#LL2",
      at: "2026-01-13T09:15:00.000Z",
      gameType: "TeamVsTeam",
      result: "draw",
      opponentName: "Quin and Rae",
    },
    {
      id: "20260112T200000.000Z#VV8",
      at: "2026-01-12T20:00:00.000Z",
      gameType: "boatBattle",
      result: "loss",
      opponentName: "Sam",
    },
  ]);
});

test("list_battles gives as many as were asked for", async ({ run }) => {
  const { items } = await run("list_battles", { tag: "#2PP0VQL", limit: 1 });
  expect(items).toHaveLength(1);
});

test("what is no tag is refused before anything is sent", async ({ run }) => {
  for (const tag of ["", "#", "../clans", "#2PP/battlelog", "HELLO", "#2PP0VQL%2F"])
    await expect(run("get_player", { tag })).rejects.toThrow("invalid_input");
});

test("an unknown player is said to be so", async ({ run }) => {
  await expect(run("get_player", { tag: "#PPP" })).rejects.toThrow("There is no player with the tag #PPP.");
  await expect(run("list_battles", { tag: "#PPP" })).rejects.toThrow("not_found");
});

test("a key for another address and a wrong key are told apart", async ({ run }) => {
  await expect(run("get_player", { tag: "#CCC" })).rejects.toThrow("another IP address");
  await expect(run("get_player", { tag: "#GGG" })).rejects.toThrow("refused the key");
  await expect(run("get_player", { tag: "#GGG" })).rejects.toThrow("auth_invalid");
});

test("a busy service and its maintenance are said to be so", async ({ run }) => {
  await expect(run("get_player", { tag: "#QQQ" })).rejects.toThrow("in 30 seconds");
  await expect(run("get_player", { tag: "#QQQ" })).rejects.toThrow("rate_limited");
  await expect(run("get_player", { tag: "#RRR" })).rejects.toThrow("maintenance");
});
