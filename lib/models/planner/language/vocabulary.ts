/** Groups of words that mean the same in a pattern: `@build` stands for any of them. Two words are joined by `_`. */
export const groups: Readonly<Record<string, readonly string[]>> = {
  build: "build create make generate write develop add set_up setup code craft produce implement construct".split(" "),
  module: "module integration connector adapter adaptor plugin plug_in extension api_client client wrapper".split(" "),
  calculate: "calculate compute evaluate solve work_out figure_out simplify calc determine".split(" "),
  read: "read open load fetch summarise summarize summary tldr visit check browse show get parse scrape look_at go_to compare analyse analyze explain pull_up view review have_a_look_at take_a_look_at".split(
    " ",
  ),
  memorise: "remember memorise memorize keep_in_mind bear_in_mind note_down jot_down write_down".split(" "),
  keep: "save store note record keep".split(" "),
  search: "search look_through go_through check scan query".split(" "),
  notes: "notes note knowledge memory memories knowledge_base documents remembered saved stored".split(" "),
  show: "list show display see view give_me show_me tell_me get print name".split(" "),
  run: "run execute eval evaluate interpret try".split(" "),
  code: "code javascript js script snippet program function expression".split(" "),
  enable:
    "enable activate reactivate reenable re-enable unpause resume turn_on switch_on turn_back_on switch_back_on bring_back start".split(
      " ",
    ),
  disable: "disable deactivate pause turn_off switch_off shut_off shut_down stop suspend kill unload".split(" "),
  rollback:
    "rollback roll_back roll-back revert undo downgrade restore go_back_to go_back return_to switch_back_to".split(" "),
};

/** What people say before they say what they want. Removed from the beginning of a clause, again and again. */
export const politeBeginnings: readonly string[] = [
  "please",
  "kindly",
  "ok|okay|alright|right|well|so|now|also|and|then|next|great|cool|perfect|but|finally|afterwards|first|actually|basically|oh|hm|hmm|wait|sorry",
  "hey|hi|hello|yo|dear burgeon?",
  "burgeon",
  "good morning|afternoon|evening",
  "thanks|thank_you ~",
  "quick|another|one question|one",
  "can|could|would|will you please|kindly|maybe|quickly|possibly|just?",
  "would you mind",
  "do you think you could|can",
  "do you mind",
  "are you able to",
  "is it possible to|for_you_to",
  "i would like|love|prefer you? to",
  "i would like|love",
  "i want|need you? to",
  "i am trying|hoping|looking|going to",
  "i was hoping|wondering if? you? could|can?",
  "i wonder",
  "i need|want",
  "we need|want to?",
  "we would like to?",
  "you should|must|could",
  "help me to?",
  "let us",
  "let me know",
  "go ahead and",
  "just|quickly|simply",
  "do you know|happen_to_know",
  "any idea",
  "can|could|may i have|get|know|see",
  "can|could|shall|should we have|get?",
  "tell me",
  "to? know|find_out",
  "explain to? me?",
];

/** What people say after it. */
export const politeEndings: readonly string[] = [
  "please",
  "thanks",
  "thank you ~",
  "for me",
  "if you can|could",
  "if possible",
  "when you have a? ~",
  "cheers",
  "would you",
  "will you",
  "can you",
  "could you",
  "now",
  "right now",
  "again",
  "asap",
  "for my ~",
  "how much is|would|does that|it|this be|make?",
  "what is that|it",
];

/** Names of one and the same thing: a question of a tool may as well be put with the other one. */
export const sameThings: readonly (readonly string[])[] = [
  "movie film",
  "song track",
  "picture photo image",
  "car vehicle",
  "shipment parcel package",
  "task todo",
  "repository repo",
  "client customer",
].map((row) => row.split(" "));

/**
 * Words that stand for the same thing when a tool is chosen. A match through this table counts less than the word itself.
 * One word may be in several rows.
 */
export const synonyms: readonly (readonly string[])[] = [
  ...sameThings,
  "weather forecast temperature rain rainy raining snow snowing sunny sun umbrella wind windy cloudy cold hot warm humidity degrees outside jacket".split(
    " ",
  ),
  "forecast outlook prediction upcoming".split(" "),
  "money spending spend pay buy expense cost transaction payment purchase".split(" "),
  "balance account funds".split(" "),
  "transaction payment purchase charge".split(" "),
  "loan borrow borrowed checkout lent".split(" "),
  "due overdue deadline return".split(" "),
  "loan due overdue".split(" "),
  "hold reservation reserve request".split(" "),
  "meeting appointment event calendar agenda schedule".split(" "),
  "player profile gamer".split(" "),
  "match game battle fight".split(" "),
  "route directions commute trip journey travel".split(" "),
  "song track music".split(" "),
  "invoice bill".split(" "),
  "order purchase".split(" "),
  "shipment parcel package delivery".split(" "),
  "message mail email".split(" "),
  "price quote cost rate".split(" "),
  "place city location town".split(" "),
  "person user member people".split(" "),
  "repository repo project".split(" "),
  "issue ticket bug".split(" "),
  "train departure timetable".split(" "),
  "exchange currency rate".split(" "),
  "step walk walked".split(" "),
  "sleep slept".split(" "),
];

/** Verbs by what they do. A tool that changes something is chosen only by a verb of its own row. */
export const verbClasses: Readonly<Record<string, readonly string[]>> = {
  read: "list show get find fetch see view display look search tell give check read lookup load retrieve query count browse".split(
    " ",
  ),
  create:
    "create add place make post new register open submit insert book reserve put start write log record schedule set_up order request".split(
      " ",
    ),
  change: "update change edit rename modify set move patch replace renew extend mark assign adjust".split(" "),
  remove: "delete remove cancel drop clear erase archive close discard return".split(" "),
  send: "send share email message notify publish forward reply invite pay transfer".split(" "),
  run: "run execute trigger start launch play stop".split(" "),
};

/** An answer that ends the question it answers. */
export const cancelWords: readonly string[] = [
  "never mind",
  "nevermind",
  "cancel ~ $",
  "forget it|that|about_it",
  "no thanks|thank_you?",
  "no $",
  "nope",
  "nothing",
  "stop $",
  "leave|drop|scrap it|that",
  "let it|that be",
  "not now|today|yet $",
  "i changed|have_changed my mind",
  "skip it|that?",
  "do not bother",
];

export const yesWords: readonly string[] = [
  "yes|yep|yeah|yup|sure|ok|okay|correct|exactly|absolutely|definitely $",
  "yes|yep|yeah|sure|ok|okay please|do|go|build|make|that|thanks ~ $",
  "please do $",
  "do it|that $",
  "go ahead $",
  "go for it $",
];
