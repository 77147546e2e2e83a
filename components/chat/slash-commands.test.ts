import { expect, it } from "vitest";
import { matchCommands } from "./slash-commands";

const names = (text: string) => matchCommands(text).map((command) => command.name);

it("offers commands while a name is being typed, and never for text that merely holds a slash", () => {
  expect(names("/")).toEqual(["/build", "/modules", "/tools"]);
  expect(names("/B")).toEqual(["/build"]);
  expect(names("/tools")).toEqual(["/tools"]);
  for (const text of ["", "build", "/build ", "/nothing", "and/or", "/usr/bin", " /build", "/build\n"])
    expect(names(text)).toEqual([]);
});
