import {
  type Ctx,
  defineModule,
  ensureOk,
  type GamingMatch,
  type GamingProfile,
  type HttpResponse,
  ModuleError,
  retryAfterMs,
  toInstant,
} from "@burgeon/sdk";

interface PlayerReply {
  tag: string;
  name: string;
  expLevel?: number;
  trophies?: number;
  bestTrophies?: number;
  wins?: number;
  losses?: number;
  battleCount?: number;
  arena?: { name: string };
  clan?: { name: string };
}

interface Fighter {
  tag: string;
  name: string;
  crowns: number;
  /** Only in battles that count. */
  trophyChange?: number;
}

interface BattleReply {
  type: string;
  /** `20260114T183000.000Z` */
  battleTime: string;
  gameMode?: { name: string };
  team: Fighter[];
  opponent: Fighter[];
  /** In attacks on a boat, which have no crowns. */
  boatBattleWon?: boolean;
}

export default defineModule({
  async get_player(ctx: Ctx<"api">, input: { tag: string }): Promise<GamingProfile> {
    const player = (await load(ctx, input.tag, "")).json<PlayerReply>();
    return {
      id: player.tag,
      username: player.name,
      ...pick("level", player.expLevel),
      ...pick("trophies", player.trophies),
      ...pick("bestTrophies", player.bestTrophies),
      ...pick("wins", player.wins),
      ...pick("losses", player.losses),
      ...pick("gamesPlayed", player.battleCount),
      ...(player.clan ? { clanName: player.clan.name } : {}),
      ...(player.arena ? { arena: player.arena.name } : {}),
    };
  },

  async list_battles(ctx: Ctx<"api">, input: { tag: string; limit?: number }): Promise<{ items: GamingMatch[] }> {
    const battles = (await load(ctx, input.tag, "/battlelog")).json<BattleReply[]>();
    return { items: battles.slice(0, input.limit ?? 25).map(toMatch) };
  },
});

async function load(ctx: Ctx<"api">, tag: string, rest: string): Promise<HttpResponse> {
  const known = readTag(tag);
  const response = await ctx.http.api.request({ path: `/players/${encodeURIComponent(known)}${rest}` });
  if (response.status === 404) throw new ModuleError("not_found", `There is no player with the tag ${known}.`);
  if (response.status === 403) throw new ModuleError("auth_invalid", describeRefusal(response));
  if (response.status === 429) {
    const waitMs = retryAfterMs(response.headers, ctx.now);
    const when = waitMs === null ? "later" : `in ${Math.ceil(waitMs / 1000)} seconds`;
    throw new ModuleError("rate_limited", `Clash Royale wants fewer requests. Try again ${when}.`);
  }
  if (response.status === 503) throw new ModuleError("upstream", "Clash Royale is down for maintenance.");
  return ensureOk(response, "Clash Royale");
}

/** A key is made for fixed addresses; from another one it is refused like a wrong key. */
function describeRefusal(response: HttpResponse): string {
  if (response.text().includes("accessDenied.invalidIp"))
    return "The key was made for another IP address. Make one for this address on developer.clashroyale.com.";
  return "Clash Royale refused the key.";
}

/** Tags use 14 signs only; people write O for 0 and leave out the #. */
function readTag(text: string): string {
  const tag = text.trim().toUpperCase().replace(/^#/, "").replaceAll("O", "0");
  if (!/^[0289PYLQGRJCUV]{3,14}$/.test(tag))
    throw new ModuleError(
      "invalid_input",
      `"${text.slice(0, 40)}" is not a player tag such as #2PP. It stands under the name in the player's profile.`,
    );
  return `#${tag}`;
}

function toMatch(battle: BattleReply): GamingMatch {
  const [player] = battle.team;
  const opponents = battle.opponent.map(({ name }) => name).filter((name) => name !== "");
  return {
    // Two battles of one player can end in the same second only against different opponents.
    id: `${battle.battleTime}${battle.opponent[0]?.tag ?? ""}`,
    at: toInstant(battle.battleTime),
    gameType: battle.gameMode?.name ?? battle.type,
    result: readResult(battle),
    ...pick("trophiesChange", player?.trophyChange),
    ...(opponents.length > 0 ? { opponentName: opponents.join(" and ") } : {}),
  };
}

function readResult({ team, opponent, boatBattleWon }: BattleReply): GamingMatch["result"] {
  if (boatBattleWon !== undefined) return boatBattleWon ? "win" : "loss";
  const ours = team[0]?.crowns ?? 0;
  const theirs = opponent[0]?.crowns ?? 0;
  if (ours === theirs) return "draw";
  return ours > theirs ? "win" : "loss";
}

/** An entry, or none where the service has no value. */
function pick<Name extends string>(name: Name, value: number | undefined): { [Key in Name]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]?: number });
}
