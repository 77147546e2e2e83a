/** What is known about a value of an API: the common form of JSON schemas and of sample replies. */
export type Shape = {
  kind: "text" | "number" | "integer" | "boolean" | "list" | "object" | "unknown";
  isNullable?: boolean;
  /** Of an unknown one: values of several kinds were seen. */
  isMixed?: boolean;
  description?: string;
  /** Of a text: date, date-time, uuid, … */
  format?: string;
  /** Values a text or number may have. */
  choices?: (string | number)[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  default?: unknown;
  example?: unknown;
  /** Elements of a list. */
  items?: Shape;
  /** Fields of an object, in the order of the source. */
  fields?: Map<string, Field>;
  /** The object may hold more than its fields. */
  isOpen?: boolean;
  isReadOnly?: boolean;
  /** Fields that have to be there although another part of the schema describes them (allOf). */
  requiredNames?: string[];
  /** What the source calls values like this one, for the name of a type. */
  name?: string;
};

export interface Field {
  shape: Shape;
  isRequired: boolean;
}

/** A field somewhere inside of an object, reached without passing a list. */
export interface Leaf {
  path: string[];
  shape: Shape;
  /** For each step of the path: may it be missing or null? */
  optional: boolean[];
}

/** All fields of an object down to `depth`, objects included, parents before their children. */
export function leavesOf(shape: Shape, depth = 3, before: Leaf | null = null): Leaf[] {
  const leaves: Leaf[] = [];
  for (const [name, field] of shape.fields ?? []) {
    const isOptional = !field.isRequired || field.shape.isNullable === true;
    const leaf: Leaf = {
      path: [...(before?.path ?? []), name],
      shape: field.shape,
      optional: [...(before?.optional ?? []), isOptional],
    };
    leaves.push(leaf);
    if (field.shape.kind === "object" && depth > 1) leaves.push(...leavesOf(field.shape, depth - 1, leaf));
  }
  return leaves;
}

/** The value at a path, or undefined. */
export function readPath(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (current === null || typeof current !== "object" || !Object.hasOwn(current, name)) return undefined;
    current = (current as Record<string, unknown>)[name];
  }
  return current;
}

/** The shape at a path of fields. */
export function shapeAt(shape: Shape, path: readonly string[]): Shape | undefined {
  let current: Shape | undefined = shape;
  for (const name of path) current = current?.fields?.get(name)?.shape;
  return current;
}
