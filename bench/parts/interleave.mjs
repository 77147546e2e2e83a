/**
 * Runs the sides in turn (A, B, C, A, B, C, …), so that whatever else the machine does falls on all of them.
 * @param sides name → one measurement; @returns name → all of its measurements
 */
export async function interleave(sides, rounds) {
  const results = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, measure] of Object.entries(sides)) results[name].push(await measure(round));
  return results;
}
