import type { CanonicalTypeName } from "@/lib/contracts/module";
import { type Expression, weatherConditions } from "./canonical-expression";
import { type Leaf, leavesOf, type Shape, shapeAt } from "./shape";
import { splitWords } from "./words";

/** How the items of a reply become values of one of Burgeon's own types. */
export interface CanonicalMapping {
  type: CanonicalTypeName;
  value: Expression;
}

interface Search {
  /** A field that is always there, the only one of that kind; null when there is none or it is not certain. */
  get(
    names: RegExp,
    accepts: (shape: Shape, name: string) => boolean,
    convert?: "text" | "instant" | "condition",
  ): Expression | null;
  /** A field that may be missing, for a key of the result; nothing when there is none. */
  find(key: string, names: RegExp, accepts: (shape: Shape, name: string) => boolean): [string, Expression][];
}

const isText = ({ kind }: Shape) => kind === "text";
const isId = ({ kind }: Shape) => kind === "text" || kind === "integer";
const isNumber = ({ kind }: Shape) => kind === "number" || kind === "integer";
const isFlag = ({ kind }: Shape) => kind === "boolean";
const isInstant = ({ kind, format }: Shape) => kind === "text" && format === "date-time";
const among = (choices: string[]) => (shape: Shape) =>
  shape.kind === "text" && (shape.choices?.every((choice) => choices.includes(String(choice))) ?? false);

/**
 * The canonical type that the items of a list (or the reply as a whole) certainly are: every required field has a telling
 * name, the right kind and is always there. Doubt means none, because a wrong sign or unit is worse than a plain record.
 */
export function findCanonical(reply: Shape, list: string[] | null, about: string): CanonicalMapping | null {
  const search = createSearch(reply, list);
  const words = new Set(splitWords(about));
  const has = (...names: string[]) => names.some((name) => words.has(name));
  const rules: [CanonicalTypeName, boolean, (search: Search) => Expression | null][] = [
    ["WeatherForecast", list !== null || has("forecast", "forecasts"), toForecast],
    ["WeatherData", list === null && !has("forecast", "forecasts"), toWeather],
    ["CalendarEvent", list !== null, toEvent],
    ["FinancialTransaction", list !== null, (one) => toTransaction(one, reply, list)],
    ["HealthMetric", list !== null, toMetric],
    ["Contact", list !== null && has("contact", "contacts", "addressbook"), toContact],
    ["GamingProfile", has("player", "players", "profile", "profiles"), toProfile],
  ];
  for (const [type, isFitting, make] of rules) {
    const value = isFitting ? make(search) : null;
    if (value) return { type, value };
  }
  return null;
}

function createSearch(reply: Shape, list: string[] | null): Search {
  const item = list ? shapeAt(reply, list)?.items : undefined;
  const ofItem = item?.kind === "object" ? leavesOf(item, 2) : [];
  const ofReply =
    list?.length === 0
      ? []
      : leavesOf(reply, 3).filter(({ path }) => !list?.every((step, depth) => path[depth] === step));
  const matches = (leaves: Leaf[], names: RegExp, accepts: (shape: Shape, name: string) => boolean) => {
    const found = leaves.filter((leaf) => {
      const name = splitWords(leaf.path.at(-1) ?? "").join("_");
      return names.test(name) && accepts(leaf.shape, name);
    });
    const least = Math.min(...found.map(({ path }) => path.length));
    return found.filter(({ path }) => path.length === least);
  };
  const lookUp = (names: RegExp, accepts: (shape: Shape, name: string) => boolean, isRequired: boolean) => {
    for (const [from, leaves, shape] of [
      ["item", ofItem, item],
      ["reply", ofReply, reply],
    ] as const) {
      const found = matches(leaves, names, accepts).filter((leaf) => !isRequired || !leaf.optional.includes(true));
      if (found.length > 1) return null;
      const [leaf] = found;
      if (leaf && shape) return { from, leaf, isNullable: hasNull(shape, leaf.path) };
    }
    return null;
  };
  return {
    get(names, accepts, convert) {
      const found = lookUp(names, accepts, true);
      if (!found) return null;
      const isNumberId = convert === "text" && found.leaf.shape.kind === "text";
      return { kind: "field", ...found, convert: isNumberId ? "none" : (convert ?? "none") };
    },
    find(key, names, accepts) {
      const found = lookUp(names, accepts, false);
      return found ? [[key, { kind: "field", ...found, convert: "none" }]] : [];
    },
  };
}

/** Is a step of the path there but null at times? */
function hasNull(shape: Shape, path: string[]): boolean {
  return path.some((_, depth) => shapeAt(shape, path.slice(0, depth + 1))?.isNullable === true);
}

/** An object whose parts are all known; null otherwise. */
function object(required: Record<string, Expression | null>, optional: [string, Expression][] = []): Expression | null {
  const fields = Object.entries(required).flatMap(([name, value]): [string, Expression][] =>
    value ? [[name, value]] : [],
  );
  return fields.length === Object.keys(required).length ? { kind: "object", fields: [...fields, ...optional] } : null;
}

function toPlace(search: Search): Expression | null {
  return object(
    {
      latitude: search.get(/^(lat|latitude)$/, isNumber),
      longitude: search.get(/^(lon|lng|long|longitude)$/, isNumber),
    },
    search.find("name", /^(name|city|place|location)(_name)?$/, isText),
  );
}

/** The name or the description has to say so: 70 degrees may be Fahrenheit. */
function temperature(search: Search): Expression | null {
  return search.get(
    /^(air_)?temp(erature)?(_(c|celsius|degrees_celsius|deg_c))?$/,
    (shape, name) =>
      isNumber(shape) && (/_(c|celsius|deg_c)$/.test(name) || /celsius|°\s?C\b/i.test(shape.description ?? "")),
  );
}

const instantNames =
  /^(time|timestamp|at|date_?time|observed_at|measured_at|recorded_at|valid_(at|from|time)|forecast_time)$/;
const condition = (search: Search) =>
  search.get(/^(condition|conditions|weather|summary|sky)$/, among(weatherConditions), "condition");
const wind = (search: Search) =>
  search.find("windMetersPerSecond", /^wind(_speed)?_(ms|mps|m_s|meters_per_second)$/, isNumber);

function toWeather(search: Search): Expression | null {
  return object(
    {
      at: search.get(instantNames, isInstant, "instant"),
      location: toPlace(search),
      temperatureCelsius: temperature(search),
      condition: condition(search),
    },
    [
      ...search.find("feelsLikeCelsius", /^(feels_like|apparent_temperature)_(c|celsius)$/, isNumber),
      ...search.find("humidityPercent", /^(relative_)?humidity_(percent|pct)$/, isNumber),
      ...search.find("pressureHpa", /^pressure_hpa$/, isNumber),
      ...wind(search),
      ...search.find("windDirectionDegrees", /^wind_(direction_)?(deg|degrees)$/, isNumber),
      ...search.find("description", /^description$/, isText),
    ],
  );
}

function toForecast(search: Search): Expression | null {
  return object(
    {
      at: search.get(instantNames, isInstant, "instant"),
      location: toPlace(search),
      temperatureCelsius: temperature(search),
      condition: condition(search),
    },
    [
      ...search.find("temperatureMinCelsius", /^(min_temp(erature)?|temp(erature)?_min)_celsius$/, isNumber),
      ...search.find("temperatureMaxCelsius", /^(max_temp(erature)?|temp(erature)?_max)_celsius$/, isNumber),
      ...search.find(
        "precipitationProbability",
        /^precipitation_probability$|^pop$/,
        (shape) => isNumber(shape) && shape.maximum === 1,
      ),
      ...search.find("precipitationMm", /^(precipitation|rain)_mm$/, isNumber),
      ...wind(search),
    ],
  );
}

function toEvent(search: Search): Expression | null {
  const time = (names: RegExp): Expression | null => {
    const at = search.get(names, isInstant, "instant");
    const zone = search.get(/^time_?zone$/, isText) ?? { kind: "constant", value: "UTC" };
    return (
      at && {
        kind: "object",
        fields: [
          ["at", at],
          ["timeZone", zone],
        ],
      }
    );
  };
  return object(
    {
      id: search.get(/^(id|uid|event_id)$/, isId, "text"),
      title: search.get(/^(title|summary|subject|name)$/, isText),
      start: time(/^(start|starts|begin|begins)(_?(at|time|date_?time|on))?$/),
      end: time(/^(end|ends|finish|until)(_?(at|time|date_?time|on))?$/),
    },
    [
      ...search.find("description", /^(description|notes)$/, isText),
      ...search.find("location", /^(location|place|venue|room)$/, isText),
    ],
  );
}

const moneyText = (shape: Shape) =>
  shape.kind === "text" || (shape.kind === "number" && /^(decimal|double|float)$/.test(shape.format ?? ""));

function money(search: Search, names: RegExp, minorNames: RegExp, isNegated: boolean): Expression | null {
  const currency = search.get(
    /^(currency|currency_code|iso_currency_code)$/,
    (shape) => isText(shape) && isCurrency(shape),
  );
  if (!currency) return null;
  const minor = search.get(minorNames, ({ kind }) => kind === "integer");
  if (minor) return { kind: "money", amount: minor, currency, unit: "minor", isNegated };
  const amount = search.get(names, moneyText);
  return amount && { kind: "money", amount, currency, unit: "major", isNegated };
}

/** Three capital letters, by its values, its example or its description. */
function isCurrency({ choices, example, description, maxLength, minLength }: Shape): boolean {
  if (choices) return choices.every((choice) => /^[A-Z]{3}$/.test(String(choice)));
  return (
    /^[A-Z]{3}$/.test(String(example ?? "")) ||
    /ISO[- ]?4217|three[- ]letter/i.test(description ?? "") ||
    (maxLength === 3 && minLength === 3)
  );
}

const amountNames = /^(amount|value|transaction_amount)$/;
const amountMinorNames = /^amount_(minor|cents|in_cents|in_minor_units)$/;
const wayOut = "(out|debits?|spen[dt]|spending|expenses?|withdraw\\w*|charges?|payments?|purchases?)";

function toTransaction(search: Search, reply: Shape, list: string[] | null): Expression | null {
  const item = list ? shapeAt(reply, list)?.items : undefined;
  const described = [...(item?.fields ?? [])]
    .filter(([name]) => /amount|value/i.test(name))
    .map(([, field]) => field.shape.description ?? "")
    .join(" ");
  const isSame = new RegExp(
    `(negative|minus)[^.;,]{0,60}\\b${wayOut}\\b|\\b${wayOut}\\b[^.;,]{0,40}\\bnegative`,
    "i",
  ).test(described);
  const isTurned = new RegExp(`positive[^.;,]{0,60}\\b${wayOut}\\b|\\b${wayOut}\\b[^.;,]{0,40}\\bpositive`, "i").test(
    described,
  );
  if (isSame === isTurned) return null;
  const date =
    search.get(/^(date|booked_at|posted_at|timestamp|created_at|booking_date|at|time)$/, isInstant, "instant") ??
    search.get(/^(date|booking_date|posted_on|booked_on)$/, ({ kind, format }) => kind === "text" && format === "date");
  return object(
    {
      id: search.get(/^(id|transaction_id)$/, isId, "text"),
      at: date,
      amount: money(search, amountNames, amountMinorNames, isTurned),
      merchant: search.get(/^(merchant|merchant_name|payee|payee_name|counterparty|counterparty_name)$/, isText),
      accountId: search.get(/^(account|account_id)$/, isId, "text"),
    },
    [
      ...search.find("category", /^category$/, isText),
      ...search.find("description", /^(description|memo|note)$/, isText),
      ...search.find("pending", /^(is_)?pending$/, isFlag),
    ],
  );
}

function toMetric(search: Search): Expression | null {
  return object(
    {
      id: search.get(/^(id|metric_id)$/, isId, "text"),
      at: search.get(/^(timestamp|at|time|measured_at|recorded_at)$/, isInstant, "instant"),
      metric: search.get(/^(metric|metric_type)$/, isText),
      value: search.get(/^value$/, isNumber),
      unit: search.get(/^unit$/, isText),
    },
    search.find("device", /^(device|source|source_device)$/, isText),
  );
}

function toContact(search: Search): Expression | null {
  const name = search.get(/^(name|full_name|display_name)$/, isText);
  const email = search.find("email", /^(email|e_?mail|email_address)$/, isText);
  const phone = search.find("phone", /^(phone|telephone|mobile|phone_number)$/, isText);
  return name && email.length + phone.length > 0
    ? object({ name }, [...email, ...phone, ...search.find("avatarUrl", /^avatar(_url)?$/, isText)])
    : null;
}

function toProfile(search: Search): Expression | null {
  const played = ["level", "trophies", "wins", "losses"].flatMap((name) =>
    search.find(name, new RegExp(`^${name}$`), isNumber),
  );
  if (played.length < 2) return null;
  return object(
    {
      id: search.get(/^(id|tag|player_id|player_tag)$/, isId, "text"),
      username: search.get(/^(username|name|nickname|gamertag)$/, isText),
    },
    [...played, ...search.find("bestTrophies", /^best_trophies$/, isNumber)],
  );
}
