import { type ConnectedIntent, connectedRows } from "./connected-intents";
import { compilePattern, type Pattern } from "./language/pattern";

export type IntentName =
  | ConnectedIntent
  | "build"
  | "build-help"
  | "disable"
  | "enable"
  | "rollback"
  | "list-modules"
  | "module-state"
  | "store"
  | "search"
  | "remind"
  | "time"
  | "read-page"
  | "run-code"
  | "greeting"
  | "thanks"
  | "goodbye"
  | "capabilities"
  | "identity"
  | "model-help"
  | "key-help";

interface IntentRow {
  intent: IntentName;
  patterns: readonly string[];
}

/**
 * What people say, one row per intent. Patterns start at the beginning of a clause, after politeness was removed; the first
 * row whose pattern and slots fit wins. Slots are read by the task of the intent, which may still say "not this".
 */
const rows: readonly IntentRow[] = [
  {
    intent: "build-help",
    patterns: [
      "how do|can|could|would|should i|we|one|you @build a|an|my|new|custom|own? ~ @module",
      "how are|is modules|module built|made|created",
      "how does building|the ~ @module work",
    ],
  },
  {
    intent: "build",
    patterns: [
      "@build <rest>",
      "integrate|connect|hook_up|wire_up|link|support|learn <rest>",
      "a|an|some|another|new <rest>",
      "from|use|using|with|here|this|based_on <rest>",
      "turn|convert|transform <rest> into|to a|an @module <more?>",
      "@module for|from|to <rest>",
      "§doc0|§json0|§url0 <rest?>",
    ],
  },
  {
    intent: "list-modules",
    patterns: [
      "@show ~ @module i|we|you ~ have|has|installed|built|own $",
      "@show of? all? me? the|my|our|your|of|every|all|installed|active|available|current|existing|these? all|installed|active|available|disabled|current|existing|failing? @module <state?>",
      "@show me? a|an|the? list|overview|summary of of? all? my|the|our|your? @module $",
      "which|what|how_many @module ~ have|has|installed|built|active|enabled|running|available|there|exist|exists|disabled|own|use|using|connected $",
      "which|what|how_many of? my|the|our|your|all? @module are|is|do|have <state>",
      "which|what are|is the|my|our all|installed|active|available? @module $",
      "which|what other|more|custom|new? @module $",
      "do i|we|you have any|some|other? @module $",
      "are there any|some|other? @module ~ $",
      "my|installed|all|active @module $",
      "@module $",
      "@module list|overview|status|states $",
      "what have you|i learned|built ~ $",
    ],
  },
  {
    intent: "module-state",
    patterns: [
      "is the|my|our? <module> @module ~ active|enabled|on|off|disabled|working|running|ready|approved|broken|failing|up|installed|there $",
      "what is the? status|state|health of the|my|our? <module> @module $",
      "how is the|my|our? <module> @module ~ $",
      "why is|does|did the|my|our? <module> @module <problem>",
      "what is wrong|up with the|my|our? <module> @module $",
      "what happened to the|my|our? <module> @module $",
    ],
  },
  { intent: "rollback", patterns: ["@rollback <rest>", "roll <module> back ~ $"] },
  {
    intent: "disable",
    patterns: [
      "@disable <rest>",
      "turn|switch|shut|take <rest> off|down|offline $",
      "stop using <rest>",
      "<bare> off|offline $",
    ],
  },
  {
    intent: "enable",
    patterns: [
      "@enable <rest>",
      "turn|switch <rest> on|back_on $",
      "bring|get|put <rest> back ~ $",
      "start using <rest>",
      "<bare> on|back_on|online $",
    ],
  },
  {
    intent: "remind",
    patterns: ["remind me <rest>", "set|create|add a|an? reminder|alarm|timer <rest?>", "wake me <rest>"],
  },
  {
    intent: "search",
    patterns: [
      "do|did you remember|recall <question>",
      "can|could you remember|recall when|what|where|who|whose|how|why|which|if|my|our <question>",
      "remember when|how|what|where|who|why|the_time <question>",
      "what do|did i|you|we know|remember|store|save|note|write_down|say|said|tell|told ~ about|regarding|on|of|for <query>",
      "what do|did i|we tell|told you about|regarding <query>",
      "what did i say|tell_you about|regarding <query>",
      "what have i told|saved|stored|noted|written ~ about|on|regarding <query>",
      "what is in my @notes about|on|regarding|for? <query?>",
      "what do|does my @notes say|tell|contain about|on|regarding <query>",
      "@search in|through|for? my|the|our @notes for|about|on|regarding <query>",
      "@search for? <query> in|within my|the|our @notes $",
      "find ~ my? @notes about|on|for|regarding|with|that_mention|mentioning <query>",
      "find|look_up|lookup|look_for|search_for <query> in|within|from my|the|our @notes $",
      "look in|through|at my|the|our @notes for|about <query>",
      "@show my? all? @notes about|on|for|regarding|with|mentioning <query>",
      "do i have any|a|some? @notes ~ about|on|for|regarding <query>",
      "is|are there anything|something|any|a? @notes about|on|regarding <query>",
      "is|are there anything|something about|on|regarding <query> in|within my|the @notes $",
      "have|did i|we ~ save|saved|store|stored|note|noted|tell_you|told_you|write|written|remember|keep ~ about|on|regarding|down_about <query>",
      "search my? @notes $",
    ],
  },
  {
    intent: "store",
    patterns: [
      "@memorise this|that|it|the_following @notes|thing|fact|information|text|one|down|for_later|for_me? :? <content?>",
      "@memorise :? <content>",
      "@keep this|that|the_following @notes|thing|fact|information|text|for_later|for_me? : <content>",
      "@keep this|that|the_following @notes|fact|for_later? $",
      "@keep that <content>",
      "@keep : <content>",
      "do not forget that|this|: <content>",
      "do not let me forget that|: <content>",
      "write|note|jot|put|get this|that|it|the_following down :? <content?>",
      "take|make|add|create|write|keep|save|put a|another|new|this|the|following|as|in|to|into? a|my|the? @notes that|of|about|to_self|saying|with|on? :? <content?>",
      "add|put|save|store|write|keep <content> to|in|into|as|under my|the|a|your @notes $",
      "keep a|this|the? note|record of|that|: <content>",
      "note to_self? : <content>",
      "for your information :? <content>",
      "commit|save <content> to memory $",
    ],
  },
  ...connectedRows,
  {
    intent: "run-code",
    patterns: [
      "@run <rest>",
      "what does|do|would|will <rest> return|returns|output|print|evaluate_to|produce|give|do ~ $",
      "what is the? output|result of <rest>",
      "§code0 <rest?>",
    ],
  },
  {
    intent: "time",
    patterns: [
      "what time is it <place?>",
      "what time it is <place?>",
      "what time do we|you have <place?>",
      "have|got the|a? time|date <place?>",
      "do|have you have|got? the time|date <place?>",
      "what is|be the? current|local|exact|actual? time <place?>",
      "what the? current|local|exact? time is <place?>",
      "what time <place?>",
      "what is the? date|day|weekday <place?>",
      "what the? date|day|weekday is|today? <place?>",
      "what day|date|weekday|year|month is|was|will it|today|tomorrow|yesterday|this|be? <place?>",
      "what day of the week|month is|was it|today|tomorrow|yesterday? <place?>",
      "which day|weekday|date|year|month|day_of_the_week is|do it|today|tomorrow|we|this|have? <place?>",
      "what is today|tomorrow|yesterday date|day? $",
      "today|tomorrow|yesterday date $",
      "how late is it <place?>",
      "is it <place?>",
      "the? current|local|exact time|date <place?>",
      "@show|check|read the? current|local|exact|today? time|clock|date <place?>",
      "the? time|date|clock <place?>",
      "look at the? clock|time <place?>",
      "when is it|now <place?>",
    ],
  },
  {
    intent: "read-page",
    patterns: [
      "@read <rest>",
      "what does|do|did|is|are|can <rest>",
      "tell me|us <rest>",
      "give me? <rest>",
      "find|look_up|extract|search|use|see <rest>",
      "who|when|where|why|how|which|is|does|are <rest>",
      "a|the? summary|gist|content|text <rest>",
      "§url0 <rest?>",
    ],
  },
  {
    intent: "model-help",
    patterns: [
      "how do|can|could|would|should i|we ~ connect|use|add|change|set_up|configure|switch|choose|select|set ~ model|llm|ai|gpt|claude|ollama|openai|anthropic|gemini|provider ~ $",
      "connect|use|add|switch|change ~ model|llm|gpt|claude|ollama|openai|anthropic|gemini $",
      "which|what model|llm|ai are|do|is ~ $",
    ],
  },
  {
    intent: "key-help",
    patterns: [
      "where|how do|can|should|must i|we enter|put|type|give|paste|set|add|store|save ~ key|token|password|credentials|secret|api_key <rest?>",
      "here is my key|token|password|api_key|credentials <rest?>",
    ],
  },
  {
    intent: "identity",
    patterns: [
      "who are|is you|this|burgeon $",
      "what are|is you|burgeon|this $",
      "are you a|an|really? ~ llm|ai|bot|robot|human|person|model|language_model|chatgpt|gpt|claude|real|chatbot $",
      "what kind|sort of ~ are you $",
      "what is your name $",
      "introduce yourself",
    ],
  },
  {
    intent: "capabilities",
    patterns: [
      "what can|could do|i|you|we <rest?>",
      "what are you|your able|capable|abilities|capabilities|skills|features|functions|tools ~ $",
      "what do you do|offer|support $",
      "what tools|commands|features|skills|functions ~ have|available|there|know|support|use $",
      "which tools|commands|features|skills|functions ~ have|available|there|know|support|use $",
      "how can|do|could you help ~ $",
      "how can|do|does i|we|this|it use|start|begin|work|talk ~ $",
      "@show ~ tools|commands|features|capabilities|skills|functions $",
      "help $",
      "help me $",
      "what now|next $",
      "commands|menu|options $",
    ],
  },
  {
    intent: "thanks",
    patterns: [
      "thanks|thank_you|thx|cheers|ty|much_appreciated ~ ~ $",
      "great|perfect|nice|awesome|cool|wonderful|good_job|well_done|excellent ~ $",
    ],
  },
  { intent: "goodbye", patterns: ["bye|goodbye|good_bye|good_night|see_you|ciao|farewell|later ~ $"] },
  {
    intent: "greeting",
    patterns: [
      "hi|hello|hey|yo|hiya|greetings|howdy|moin|hallo ~ $",
      "good morning|afternoon|evening|day ~ $",
      "how are you|things ~ $",
      "how is it going ~ $",
      "what is up $",
    ],
  },
];

/** The table, ready to match. */
export const intents: readonly { intent: IntentName; pattern: Pattern }[] = rows.flatMap(({ intent, patterns }) =>
  patterns.map((pattern) => ({ intent, pattern: compilePattern(pattern) })),
);

/** How people go on from the answer before: "and in Tokyo?", "what about tomorrow?". */
export const followUps: readonly Pattern[] = [
  "and what|how about <rest>",
  "what|how about <rest>",
  "and|also|then|or <rest>",
  "now|same|again ~ for|in|with|at|of <rest>",
  "same|the_same ~ for|in|with <rest>",
  "in|for|at|with|of|on <rest>",
].map(compilePattern);
