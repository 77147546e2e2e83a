/** What takes a part of a day, in minutes of the grid. */
export interface Block {
  id: string;
  from: number;
  to: number;
}

/** Where it stands: minutes from above, and parts of the day's width from the left. */
export interface PlacedBlock extends Block {
  left: number;
  width: number;
}

/** Less than this cannot be read or hit. */
export const leastMinutes = 22;

/**
 * Puts what overlaps side by side: each into the first column that is free, and as wide as the free columns beside it allow.
 * What is too short to be seen takes the least height, and counts as that long.
 * @param dayMinutes how long the day is in the grid; nothing reaches beyond it
 */
export function layoutDay(blocks: readonly Block[], dayMinutes: number): PlacedBlock[] {
  const sorted = blocks
    .map((block) => stretch(block, dayMinutes))
    .sort((first, second) => first.from - second.from || second.to - first.to || compare(first.id, second.id));
  const placed: PlacedBlock[] = [];
  let cluster: Block[] = [];
  let clusterEnd = 0;
  for (const block of sorted) {
    if (cluster.length > 0 && block.from >= clusterEnd) {
      placed.push(...placeCluster(cluster));
      cluster = [];
    }
    clusterEnd = cluster.length === 0 ? block.to : Math.max(clusterEnd, block.to);
    cluster.push(block);
  }
  return [...placed, ...placeCluster(cluster)];
}

/** Events that touch each other, directly or through others. */
function placeCluster(blocks: readonly Block[]): PlacedBlock[] {
  const columns: Block[][] = [];
  const columnOf = new Map<Block, number>();
  for (const block of blocks) {
    const free = columns.findIndex((column) => column.every((other) => !isOverlapping(other, block)));
    if (free === -1) columns.push([block]);
    else columns[free]?.push(block);
    columnOf.set(block, free === -1 ? columns.length - 1 : free);
  }
  return blocks.map((block) => {
    const first = columnOf.get(block) ?? 0;
    let end = first + 1;
    while (end < columns.length && columns[end]?.every((other) => !isOverlapping(other, block))) end++;
    return { ...block, left: first / columns.length, width: (end - first) / columns.length };
  });
}

export const isOverlapping = (first: Pick<Block, "from" | "to">, second: Pick<Block, "from" | "to">): boolean =>
  first.from < second.to && second.from < first.to;

function stretch({ id, from, to }: Block, dayMinutes: number): Block {
  const end = Math.min(dayMinutes, Math.max(to, from + leastMinutes));
  return { id, from: Math.max(0, Math.min(from, end - leastMinutes)), to: end };
}

const compare = (first: string, second: string) => (first < second ? -1 : first > second ? 1 : 0);
