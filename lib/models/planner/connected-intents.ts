export type ConnectedIntent = "move-event" | "cancel-event" | "create-event" | "agenda" | "when-is" | "spending";

/** What people say of their calendar and their money: rows of the table in intents.ts. */
export const connectedRows: readonly { intent: ConnectedIntent; patterns: readonly string[] }[] = [
  {
    intent: "move-event",
    patterns: [
      "move|reschedule|shift|postpone|delay|push|bring_forward <event> to|until|onto <when>",
      "change <event> to <when>",
    ],
  },
  {
    intent: "cancel-event",
    patterns: [
      "cancel|call_off <event>",
      "delete|remove <event> from my|the calendar $",
      "delete|remove my|the <event> appointment|meeting|event $",
    ],
  },
  {
    intent: "create-event",
    patterns: [
      "schedule|book <rest>",
      "create|make|add|set_up|plan a|an|new? event|meeting|appointment|call|calendar_entry? ~ called|named|titled <rest>",
      "create|make|add|set_up|plan a|an <rest>",
      "put|add|enter <rest> in|into|to|on my|the calendar $",
      "put|add|enter <rest>",
    ],
  },
  {
    intent: "agenda",
    patterns: [
      "what is ~ on|up|planned|scheduled|coming_up|happening for|in? <when?>",
      "what is ~ in|on my|the|our calendar|schedule|agenda|diary <when?>",
      "what do i have ~ on|in|for? <when>",
      "do i have any|something|anything|a meeting|meetings|appointment|appointments|event|events|on|planned|scheduled <when?>",
      "is there anything on|planned|scheduled <when?>",
      "@show ~ my|the calendar|schedule|agenda|appointments|meetings|events for? <when?>",
      "my calendar|schedule|agenda|appointments|meetings <when?>",
    ],
  },
  {
    intent: "when-is",
    patterns: ["when|at_what_time|what_time is|does my|the|our next? <event>"],
  },
  {
    intent: "spending",
    patterns: [
      "how_much ~ spend|spent|pay|paid|cost <rest?>",
      "what|how_much did|have i|we spend|spent <rest?>",
      "@show ~ my|our|the spending|expenses|spendings <rest?>",
      "my spending|expenses <rest?>",
      "how_much ~ earn|earned|make|income|take_in <rest?>",
    ],
  },
];
