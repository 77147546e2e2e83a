/** The first lines of a file, as they stand there. */
export function SampleRows({ columns, sample }: { columns: readonly string[]; sample: readonly string[][] }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
      tabIndex={0}
      aria-label="The first lines of the file"
      className="overflow-x-auto rounded-md border"
    >
      <table className="w-full text-left text-xs">
        <thead className="text-muted-foreground">
          <tr className="border-b">
            {columns.map((column) => (
              <th key={column} scope="col" className="whitespace-nowrap px-3 py-1.5 font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.map((cells, line) => (
            <tr key={line} className="border-b last:border-0">
              {cells.map((cell, at) => (
                <td key={at} className="max-w-64 truncate whitespace-nowrap px-3 py-1.5">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
