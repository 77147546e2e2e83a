import { mkdirSync, writeFileSync } from "node:fs";
import { it } from "vitest";
import { agenda, bank, movies, petStore, repositories, stationsYaml, tasks } from "./sample-documents";
import { generateFrom, generateOf } from "./testing";
import { readDocument } from "./read-document";
it("dumps", () => {
  const read = readDocument(stationsYaml);
  const all = { pets: generateFrom(petStore, "Build me a module to add new pets, update a pet and delete pets"), petsread: generateFrom(petStore), movies: generateFrom(movies), bank: generateFrom(bank), repositories: generateFrom(repositories), tasks: generateFrom(tasks, "list tasks, show the tree of a task and create tasks"), agenda: generateFrom(agenda), stations: generateFrom(read.kind === "openapi" ? read.document : {}),
   people: generateOf({ kind: "json", sample: { count: 42, next: "https://swapi.example/api/people/?page=2", results: Array.from({ length: 9 }, (_, index) => ({ name: `Person ${index}`, height: index % 2 ? null : "172" })) }, url: "https://swapi.example/api/people/?search=r2&api_key=S", origin: "given" }, { wish: "" }) };
  for (const [name, one] of Object.entries(all)) { mkdirSync(`/tmp/gen/${name}/cassettes`, { recursive: true }); for (const [path, text] of Object.entries(one.files)) writeFileSync(`/tmp/gen/${name}/${path}`, text); }
});
