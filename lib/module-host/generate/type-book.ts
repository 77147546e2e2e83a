import { makeTypeName } from "./names";
import { quote, writeComment, writeKey } from "./quote";
import type { Field, Shape } from "./shape";
import { splitWords } from "./words";

/** `reply`: values are read and checked one by one. `input`: the host has checked them. */
type Mode = "reply" | "input";

interface Declared {
  name: string;
  mode: Mode;
  fields: Map<string, Field>;
}

/** Longer unions help nobody read. */
const maxUnion = 12;

/** Words that a function or type of the module may not be called, because they mean something else there. */
const reservedWords = (
  "abstract any arguments as async await boolean break case catch class const continue debugger declare default delete do else enum eval export " +
  "extends false finally for from function get if implements import in infer instanceof interface is keyof let module namespace never new null number object " +
  "of package private protected public readonly require return satisfies set static string super switch symbol this throw true try type typeof undefined " +
  "unique unknown using var void while with yield item reply response input page cursor ctx test expect " +
  "Array ArrayBuffer BigInt Boolean DataView Date Error EvalError Function Infinity JSON Map Math NaN Number Object Partial Pick Promise Proxy RangeError " +
  "Readonly Record Reflect RegExp Required Set String Symbol SyntaxError TypeError URIError WeakMap WeakSet Omit Exclude Extract Iterator Awaited " +
  "Calendar CalendarDate CalendarEvent Contact EventTime FinancialAccount FinancialTransaction GamingMatch GamingProfile GeoPoint HealthMetric " +
  "HealthSummary Instant JsonValue Money NavigationRoute PlainRecord WeatherCondition WeatherData WeatherForecast Connection Ctx HttpRequest HttpResponse " +
  "Response LogLevel ModuleError ModuleErrorCode ModuleOperations CollectOptions Page TestContext Collected Loaded Read"
).split(" ");

/** The types of one module and the functions that read them, each declared once. */
export class TypeBook {
  private readonly byForm = new Map<string, Declared>();
  private readonly taken: Set<string>;

  constructor(helperNames: Iterable<string>) {
    this.taken = new Set([...reservedWords, ...helperNames]);
  }

  /** A name nobody else in the file has. @param prefixes with each of them in front it is a name of its own as well */
  claim(wanted: string, ending: string, prefixes: readonly string[] = []): string {
    const forms = (name: string) => [name, ...prefixes.map((prefix) => `${prefix}${name}`)];
    const isTaken = (name: string) => forms(name).some((form) => this.taken.has(form));
    let name = isTaken(wanted) ? `${wanted}${ending}` : wanted;
    for (let count = 2; isTaken(name); count += 1) name = `${wanted}${ending}${count}`;
    for (const form of forms(name)) this.taken.add(form);
    return name;
  }

  /** The type of a value, as TypeScript. `hint` names it when the source has no name for it. */
  typeOf(shape: Shape, hint: string, mode: Mode): string {
    const plain = this.plainType(shape, hint, mode);
    return shape.isNullable && plain !== "JsonValue" ? `${plain} | null` : plain;
  }

  /** The function that reads such a value, as an expression. */
  readerOf(shape: Shape, hint: string): string {
    const plain = this.plainReader(shape, hint);
    return shape.isNullable && plain !== "asJson" ? `orNull(${plain})` : plain;
  }

  /** All interfaces, and their readers. */
  declarations(): { types: string; readers: string } {
    const all = [...this.byForm.values()];
    return {
      types: all.map((one) => this.writeInterface(one)).join("\n\n"),
      readers: all
        .filter(({ mode }) => mode === "reply")
        .map((one) => this.writeReader(one))
        .join("\n\n"),
    };
  }

  private plainType(shape: Shape, hint: string, mode: Mode): string {
    switch (shape.kind) {
      case "text":
      case "number":
      case "integer": {
        const base = shape.kind === "text" ? "string" : "number";
        const choices = shape.choices?.filter((choice) => typeof choice === base) ?? [];
        const isUnion =
          mode === "input" &&
          choices.length > 0 &&
          choices.length <= maxUnion &&
          choices.length === shape.choices?.length;
        return isUnion
          ? choices.map((choice) => (typeof choice === "string" ? quote(choice) : String(choice))).join(" | ")
          : base;
      }
      case "boolean":
        return "boolean";
      case "list": {
        const item = this.typeOf(shape.items ?? { kind: "unknown" }, hint, mode);
        return item.includes(" ") ? `(${item})[]` : `${item}[]`;
      }
      case "object":
        return this.declare(shape, hint, mode)?.name ?? "JsonValue";
      case "unknown":
        return "JsonValue";
    }
  }

  private plainReader(shape: Shape, hint: string): string {
    switch (shape.kind) {
      case "text":
        return "asText";
      case "number":
      case "integer":
        return "asNumber";
      case "boolean":
        return "asBoolean";
      case "list":
        return `listOf(${this.readerOf(shape.items ?? { kind: "unknown" }, hint)})`;
      case "object": {
        const declared = this.declare(shape, hint, "reply");
        return declared ? `read${declared.name}` : "asJson";
      }
      case "unknown":
        return "asJson";
    }
  }

  /** Equal objects share one type. null: nothing is known about its fields. */
  private declare(shape: Shape, hint: string, mode: Mode, owner = ""): Declared | null {
    if (!shape.fields?.size) return null;
    // Whether it may be null is said where it is used.
    const form = `${mode} ${formOf({ ...shape, isNullable: false })}`;
    const known = this.byForm.get(form);
    if (known) return known;
    const wanted = makeTypeName(shape.name ?? "", "") || makeTypeName(hint, "") || "Part";
    const own =
      this.taken.has(wanted) && owner && !wanted.startsWith(owner)
        ? makeTypeName(`${owner} ${wanted}`, wanted)
        : wanted;
    const name = mode === "input" ? this.claim(own, "Input") : this.claim(own, "Reply", ["read"]);
    const declared = { name, mode, fields: shape.fields };
    this.byForm.set(form, declared);
    for (const [name, field] of shape.fields)
      this.declareInside(field.shape, nameOfField(declared.name, name, field.shape), mode, declared.name);
    return declared;
  }

  private declareInside(shape: Shape, hint: string, mode: Mode, owner: string): void {
    if (shape.kind === "list" && shape.items) this.declareInside(shape.items, hint, mode, owner);
    else if (shape.kind === "object") this.declare(shape, hint, mode, owner);
  }

  private writeInterface({ name, mode, fields }: Declared): string {
    const lines = [...fields].map(([key, field]) => {
      const type = this.typeOf(
        mode === "reply" && !field.isRequired ? { ...field.shape, isNullable: false } : field.shape,
        nameOfField(name, key, field.shape),
        mode,
      );
      const comment = field.shape.description ? writeComment(field.shape.description, 100) : "";
      return `${comment ? `  /** ${comment} */\n` : ""}  ${writeKey(key)}${field.isRequired ? "" : "?"}: ${type};`;
    });
    return `export interface ${name} {\n${lines.join("\n")}\n}`;
  }

  private writeReader({ name, fields }: Declared): string {
    const lines = [...fields].map(([key, field]) => {
      const hint = nameOfField(name, key, field.shape);
      const reader = this.readerOf(field.isRequired ? field.shape : { ...field.shape, isNullable: false }, hint);
      return `    ${writeKey(key)}: fields.${field.isRequired ? "required" : "optional"}(${quote(key)}, ${reader}),`;
    });
    return `function read${name}(value: unknown, at: string): ${name} {\n  const fields = fieldsOf(value, at);\n  return {\n${lines.join("\n")}\n  };\n}`;
  }
}

/** A name for the type of a field: `book` of a loan is a Book; of a list, one of them. */
function nameOfField(owner: string, key: string, shape: Shape): string {
  const words = splitWords(key);
  const isList = shape.kind === "list";
  const last = words.at(-1) ?? "";
  const text =
    isList && last.endsWith("s") && !last.endsWith("ss")
      ? [...words.slice(0, -1), last.slice(0, -1)].join(" ")
      : words.join(" ");
  return /^(data|items?|results?|values?|attributes|properties|meta|info|detail)$/.test(text)
    ? `${owner} ${text}`
    : text;
}

/** The same for objects that are written alike. */
function formOf(shape: Shape): string {
  const choices = shape.choices ? JSON.stringify(shape.choices) : "";
  const inner =
    shape.kind === "list"
      ? formOf(shape.items ?? { kind: "unknown" })
      : [...(shape.fields ?? [])]
          .map(([name, field]) => `${JSON.stringify(name)}${field.isRequired ? "" : "?"}:${formOf(field.shape)}`)
          .join(",");
  return `${shape.kind}${shape.isNullable ? "|null" : ""}${choices}(${inner})`;
}
