export interface SlashCommand {
  name: string;
  description: string;
  /** Text that replaces the command, ready to be completed. */
  insert?: string;
  /** Page that opens instead. */
  href?: string;
}

const commands: readonly SlashCommand[] = [
  { name: "/build", description: "Build a module from an address", insert: "Build me a module from " },
  { name: "/modules", description: "See your modules", href: "/modules" },
  { name: "/tools", description: "Ask which tools Burgeon has", insert: "Which tools do you have?" },
];

/** The commands that what is typed may become; none unless it is a slash and the beginning of a name, and nothing else. */
export function matchCommands(text: string): readonly SlashCommand[] {
  if (!/^\/[a-z]*$/i.test(text)) return [];
  return commands.filter((command) => command.name.startsWith(text.toLowerCase()));
}
