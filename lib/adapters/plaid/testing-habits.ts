/** What a household does again and again. */
export interface Habit {
  key: string;
  account: string;
  /** What the bank prints. */
  name: string;
  merchant: string | null;
  /** Plaid's detailed personal finance category. */
  category: string;
  /** From and to in minor units, both included. Plaid's sign: positive = money out. */
  cents: readonly [number, number];
  on: { dayOfMonth: number } | { everyDays: number; offset: number } | { weekdays: readonly number[]; chance: number };
  channel: "online" | "in store" | "other";
  /** Pending for two days. */
  isCard: boolean;
  /** The pending one is before the tip. */
  hasTip: boolean;
  /** Hour and minute in UTC, where the bank knows it. */
  time: string | null;
}

// key | account | name | merchant | category | minor units | when | how
// When: `month 12` (its day), `every 14 4` (days, offset), `days 12345 0.6` (weekdays, chance). How: store, web, card, tip, a time.

/** A household in Ottawa: pay every other week, rent, groceries, coffee, the bus, and what one forgets to cancel. */
const ottawa = `
pay       | chequing | PAYROLL DEPOSIT NORTHWIND DESIGN | Northwind Design | INCOME_WAGES                            | -241237     | every 14 4     |
rent      | chequing | E-TRANSFER RENT BUILDINGSTACK    | BuildingStack    | RENT_AND_UTILITIES_RENT                 | 185000      | month 1        |
hydro     | chequing | HYDRO OTTAWA BILL PYMT           | Hydro Ottawa     | RENT_AND_UTILITIES_GAS_AND_ELECTRICITY  | 5240..11890 | month 12       |
internet  | chequing | BELL CANADA OB                   | Bell             | RENT_AND_UTILITIES_INTERNET_AND_CABLE   | 9605        | month 8        |
fee       | chequing | MONTHLY ACCOUNT FEE              |                  | BANK_FEES_OTHER_BANK_FEES               | 1195        | month 28       |
phone     | visa     | FREEDOM MOBILE                   | Freedom Mobile   | RENT_AND_UTILITIES_TELEPHONE            | 4520        | month 17       | web card
films     | visa     | NETFLIX.COM                      | Netflix          | ENTERTAINMENT_TV_AND_MOVIES             | 2372        | month 5        | web card
music     | visa     | SPOTIFY P2F4A1                   | Spotify          | ENTERTAINMENT_MUSIC_AND_AUDIO           | 1242        | month 21       | web card
gym       | visa     | GOODLIFE CLUBS OTTAWA            | GoodLife Fitness | PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS  | 3389        | every 14 9     | card
groceries | visa     | FARM BOY #29 OTTAWA              | Farm Boy         | FOOD_AND_DRINK_GROCERIES                | 3215..14870 | days 6 0.95    | store card 22:14
market    | visa     | LOBLAWS 1087 OTTAWA              | Loblaws          | FOOD_AND_DRINK_GROCERIES                | 1104..6420  | days 24 0.6    | store card
coffee    | visa     | TIM HORTONS #2231                | Tim Hortons      | FOOD_AND_DRINK_COFFEE                   | 219..645    | days 12345 0.65| store card 13:05
bus-out   | visa     | PRESTO FARE OTTAWA               | Presto           | TRANSPORTATION_PUBLIC_TRANSIT           | 400         | days 12345 0.7 | store card
bus-home  | visa     | PRESTO FARE OTTAWA               | Presto           | TRANSPORTATION_PUBLIC_TRANSIT           | 400         | days 12345 0.6 | store card
dinner    | visa     | SHAWARMA PALACE RIDEAU           | Shawarma Palace  | FOOD_AND_DRINK_RESTAURANT               | 1725..7990  | days 56 0.55   | store card tip
shopping  | visa     | AMZN MKTP CA                     | Amazon           | GENERAL_MERCHANDISE_ONLINE_MARKETPLACES | 1299..12950 | days 0123456 0.09  | web card
refund    | visa     | AMZN MKTP CA REFUND              | Amazon           | GENERAL_MERCHANDISE_ONLINE_MARKETPLACES | -4999..-1299| days 0123456 0.012 | web
pharmacy  | visa     | REXALL 8141 OTTAWA               | Rexall           | MEDICAL_PHARMACIES_AND_SUPPLEMENTS      | 899..4310   | days 13 0.12   | store card
save-out  | chequing | INTERNET TRANSFER TO SAVINGS     |                  | TRANSFER_OUT_SAVINGS                    | 40000       | month 16       |
save-in   | savings  | INTERNET TRANSFER FROM CHEQUING  |                  | TRANSFER_IN_SAVINGS                     | -40000      | month 16       |
interest  | savings  | INTEREST                         |                  | INCOME_INTEREST_EARNED                  | -3912..-3204| month 28       |
`;

/** A household in Portland, Oregon. */
const portland = `
pay       | checking | ACH DEPOSIT CASCADE CLINIC       | Cascade Clinic   | INCOME_WAGES                            | -268354     | every 14 11    |
rent      | checking | ACH ROSE CITY APARTMENTS         | Rose City Apartments | RENT_AND_UTILITIES_RENT             | 178500      | month 3        |
power     | checking | PORTLAND GENERAL ELECTRIC        | Portland General Electric | RENT_AND_UTILITIES_GAS_AND_ELECTRICITY | 4180..13240 | month 19  |
films     | card     | HULU 877-8244858                 | Hulu             | ENTERTAINMENT_TV_AND_MOVIES             | 1899        | month 9        | web card
groceries | card     | FRED MEYER #0153                 | Fred Meyer       | FOOD_AND_DRINK_GROCERIES                | 2845..15210 | days 06 0.75   | store card 21:40
coffee    | card     | STUMPTOWN COFFEE                 | Stumptown Coffee | FOOD_AND_DRINK_COFFEE                   | 395..860    | days 12345 0.5 | store card
transit   | card     | TRIMET HOP                       | TriMet           | TRANSPORTATION_PUBLIC_TRANSIT           | 280         | days 12345 0.8 | store card
dinner    | card     | TST* KACHKA                      | Kachka           | FOOD_AND_DRINK_RESTAURANT               | 2310..8840  | days 56 0.4    | store card tip
save-out  | checking | TRANSFER TO SAVINGS              |                  | TRANSFER_OUT_SAVINGS                    | 50000       | month 20       |
save-in   | savings  | TRANSFER FROM CHECKING           |                  | TRANSFER_IN_SAVINGS                     | -50000      | month 20       |
`;

/** Currencies without cents, with three digits, and one that ISO 4217 does not have. */
const world = `
ramen     | yen      | ICHIRAN SHIBUYA                  | Ichiran          | FOOD_AND_DRINK_RESTAURANT               | 980..2480   | days 3 0.5     | store card
dates     | dinar    | SULTAN CENTER                    | Sultan Center    | FOOD_AND_DRINK_GROCERIES                | 1255..18405 | days 4 0.5     | store
coins     | coins    | BUY BTC                          |                  | TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS | -120000 | month 15     | web
loan      | student  | LOAN PAYMENT                     |                  | LOAN_PAYMENTS_STUDENT_LOAN_PAYMENT      | -25000      | month 25       |
`;

/** The habits of each household, and the card that it pays on the 23rd with last month's sum. */
export const households = {
  ottawa: { habits: parse(ottawa), cardPayment: { from: "chequing", card: "visa" } },
  portland: { habits: parse(portland), cardPayment: { from: "checking", card: "card" } },
  world: { habits: parse(world), cardPayment: null },
} as const;

function parse(table: string): Habit[] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [key = "", account = "", name = "", merchant = "", category = "", amount = "", when = "", how = ""] = line
        .split("|")
        .map((cell) => cell.trim());
      const marks = how.split(/\s+/);
      const [from = 0, to = from] = amount.split("..").map(Number);
      return {
        key,
        account,
        name,
        merchant: merchant || null,
        category,
        cents: [from, to] as const,
        on: parseWhen(when),
        channel: marks.includes("web") ? "online" : marks.includes("store") ? "in store" : "other",
        isCard: marks.includes("card"),
        hasTip: marks.includes("tip"),
        time: marks.find((mark) => /^\d\d:\d\d$/.test(mark)) ?? null,
      };
    });
}

function parseWhen(text: string): Habit["on"] {
  const [kind, first = "", second = ""] = text.split(/\s+/);
  if (kind === "month") return { dayOfMonth: Number(first) };
  if (kind === "every") return { everyDays: Number(first), offset: Number(second) };
  return { weekdays: [...first].map(Number), chance: Number(second) };
}
