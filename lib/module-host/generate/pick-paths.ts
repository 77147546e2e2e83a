import type { Field, Shape } from "./shape";

/** The object with only the fields that lead to one of the paths. */
export function pickPaths(shape: Shape, paths: string[][]): Shape {
  if (shape.kind !== "object" || paths.some((path) => path.length === 0)) return shape;
  const fields = new Map<string, Field>();
  for (const [name, field] of shape.fields ?? []) {
    const deeper = paths.filter((path) => path[0] === name).map((path) => path.slice(1));
    if (deeper.length > 0) fields.set(name, { ...field, shape: pickPaths(field.shape, deeper) });
  }
  return { ...shape, fields };
}

/** The object with one field changed, which then may be missing. */
export function changeAt(shape: Shape, path: string[], change: (shape: Shape) => Shape): Shape {
  const [name, ...rest] = path;
  const field = name === undefined ? undefined : shape.fields?.get(name);
  if (name === undefined || !field) return shape;
  const changed =
    rest.length === 0
      ? { shape: change(field.shape), isRequired: false }
      : { ...field, shape: changeAt(field.shape, rest, change) };
  return { ...shape, fields: new Map(shape.fields).set(name, changed) };
}
