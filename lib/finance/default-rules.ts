import type { TransactionKind } from "@/lib/contracts/finance";

export interface DefaultRule {
  pattern: string;
  company: string | null;
  category: string;
  kind: TransactionKind | null;
}

type Row = readonly [pattern: string, company: string | null, category: string, kind?: TransactionKind];

// Banks' own rows come first, since they name merchants, too; then the narrower name before the wider one.
const rows: readonly Row[] = [
  // Moving one's own money.
  ["payment thank you | paiement merci | payment received thank", "Card payment", "Transfer"],
  ["credit card payment | card payment | autopay | online payment thank you", "Card payment", "Transfer"],
  [
    "internet transfer | online transfer | transfer to | transfer from | virement interne | own account | umbuchung",
    "Transfer",
    "Transfer",
  ],
  ["e transfer | etransfer | interac e trf | virement interac", "Interac e-Transfer", "Transfer"],
  ["zelle | venmo | cash app | twint", null, "Transfer"],
  ["wise | transferwise | revolut", null, "Transfer"],
  [
    "cash advance | atm withdrawal | abm withdrawal | cash withdrawal | bankomat | geldautomat | retrait dab",
    "Cash",
    "Transfer",
  ],
  ["affirm* | klarna* | afterpay*", null, "Banking", "expense"],

  // What banks take and give.
  ["cash back | cashback | cash back reward", "Cashback", "Income"],
  [
    "interest charge* | purchase interest | interest on * advances | overdraft interest",
    "Interest",
    "Banking",
    "interest",
  ],
  ["interest paid | interest earned | interest payment | credit interest | zinsen", "Interest", "Income", "interest"],
  ["overdraft | nsf | insufficient funds", "Overdraft fee", "Banking"],
  [
    "service charge | service fee | monthly fee | account fee | maintenance fee | annual fee | kontofuhrung* | frais bancaires",
    "Bank fee",
    "Banking",
  ],
  ["atm fee | abm fee | foreign transaction fee | conversion fee | network transaction fee", "Bank fee", "Banking"],

  // Money that is earned.
  ["payroll | salary | wages | direct dep | gehalt | lohn | salaire | paie", null, "Income"],
  [
    "canada child benefit | ccb canada | gst hst | climate action incentive | canada carbon rebate | employment insurance | tax refund | irs treas",
    null,
    "Income",
  ],
  ["dividend*", null, "Income"],

  // Homes.
  ["buildingstack* | building stack | rentcafe | rent payment | monthly rent | miete | loyer", null, "Rent"],

  // Food that is brought, before who drives it.
  ["uber eats | ubereats", "Uber Eats", "Food Delivery"],
  ["doordash* | skip the dishes | skipthedishes | grubhub* | instacart* | foodora*", null, "Food Delivery"],
  ["deliveroo* | just eat | justeat | lieferando* | wolt* | glovo* | takeaway com", null, "Food Delivery"],
  ["hello fresh | hellofresh* | goodfood* | chefs plate", null, "Food Delivery"],

  // Getting about.
  ["uber", "Uber", "Rideshare"],
  ["lyft*", "Lyft", "Rideshare"],
  ["bolt eu | freenow | free now | cabify | taxi* | beck taxi", null, "Rideshare"],
  ["presto | ttc | oc transpo | stm | translink | compass | go transit | bc transit", null, "Transit"],
  ["mta | bart | clipper | ventra | septa | wmata | mbta", null, "Transit"],
  ["tfl | transport for london | bvg | ratp | navigo | mvg | rmv | sbb | wiener linien", null, "Transit"],
  ["via rail | viarail*", "VIA Rail", "Travel"],
  ["amtrak | sncf* | deutsche bahn | db vertrieb | eurostar | trenitalia | renfe | trainline", null, "Travel"],
  ["bixi | lime ride | lime * rides | bird app | tier mobility | zipcar | communauto | evo car", null, "Transit"],
  [
    "paybyphone | pay by phone | parkmobile | green p | impark | indigo park | easypark | parking | parkhaus",
    null,
    "Parking",
  ],

  // Fuel, before the shops beside the pumps.
  ["costco gas | costco fuel", "Costco Gas", "Gas"],
  ["petro canada | petrocan | petro can", "Petro-Canada", "Gas"],
  ["shell", "Shell", "Gas"],
  ["esso | exxon* | mobil", "Esso", "Gas"],
  [
    "ultramar | husky | pioneer gas | canadian tire gas | irving oil | chevron | sunoco | texaco | circle k gas",
    null,
    "Gas",
  ],
  ["aral | total energies | totalenergies | repsol | omv | agip | bp", null, "Gas"],
  ["tesla supercharger | chargepoint | flo charging | electrify america | ionity", null, "Gas"],

  // Coffee and food.
  ["tim horton* | tim hortons", "Tim Hortons", "Coffee"],
  ["starbucks*", "Starbucks", "Coffee"],
  [
    "second cup | bridgehead | balzac* | blue bottle | peets | dunkin* | costa coffee | pret a manger | nespresso | coffee | cafe | espresso bar",
    null,
    "Coffee",
  ],
  ["mcdonald*", "McDonald's", "Restaurant"],
  ["subway", "Subway", "Restaurant"],
  [
    "a w | harveys | wendys | burger king | kfc | taco bell | popeyes | chipotle | five guys | pizza* | dominos | nandos | shake shack",
    null,
    "Restaurant",
  ],
  ["lcbo | saq | beer store | bc liquor* | wine rack | systembolaget | total wine", null, "Bar"],
  ["pub | brewery | brewing | brewpub | taproom | tavern | cocktail* | bar", null, "Bar"],
  [
    "restaurant* | bistro | sushi | ramen | shawarma | diner | trattoria | osteria | brasserie | gasthaus",
    null,
    "Restaurant",
  ],

  // Groceries and corner shops.
  ["t t supermarket | t t super*", "T&T", "Groceries"],
  ["metro | metro plus", "Metro", "Groceries"],
  ["farm boy", "Farm Boy", "Groceries"],
  ["real canadian superstore | rcss | superstore", "Real Canadian Superstore", "Groceries"],
  ["loblaw* | zehrs | fortinos | your independent | no frills | nofrills | maxi | provigo", null, "Groceries"],
  ["sobeys | freshco | foodland | safeway | iga | save on foods | longos", null, "Groceries"],
  ["whole foods | wholefds | trader joe* | kroger | publix | wegmans | albertsons | heb", null, "Groceries"],
  ["costco*", "Costco", "Groceries"],
  ["aldi* | lidl | rewe | edeka | kaufland | penny markt | netto", null, "Groceries"],
  [
    "tesco* | sainsbury* | asda | waitrose | morrisons | carrefour | leclerc | monoprix | mercadona | albert heijn | coop | migros | spar",
    null,
    "Groceries",
  ],
  ["supermarket | grocery | grocer | bakery | boulangerie | backerei", null, "Groceries"],
  ["couche tard", "Couche-Tard", "Convenience"],
  ["7 eleven | 7eleven", "7-Eleven", "Convenience"],
  ["circle k | macs conv* | quickie | wawa | depanneur | kiosk | convenience", null, "Convenience"],

  // Software, before the shops of the same firms.
  ["github*", "GitHub", "Software"],
  ["anthropic* | claude ai", "Anthropic", "Software"],
  ["openai* | chatgpt*", "OpenAI", "Software"],
  ["perplexity*", "Perplexity", "Software"],
  ["ableton*", "Ableton", "Software"],
  [
    "aws | amazon web services | google cloud | digitalocean* | hetzner | cloudflare | vercel | linode | ovh",
    null,
    "Software",
  ],
  [
    "microsoft* | adobe* | dropbox | notion labs | figma | jetbrains | 1password | slack | zoom us | atlassian | canva",
    null,
    "Software",
  ],
  ["google one | google storage | google workspace | google gsuite | icloud", null, "Software"],

  // Pastimes.
  ["netflix*", "Netflix", "Entertainment"],
  ["spotify*", "Spotify", "Entertainment"],
  [
    "disney plus | disneyplus | crave | prime video | primevideo | hbo | hulu | paramount | youtube* | apple music | deezer | audible",
    null,
    "Entertainment",
  ],
  ["apple com bill | itunes*", "Apple", "Entertainment"],
  [
    "cineplex* | landmark cinema* | amc theatres | odeon | cinema* | kino | ticketmaster | eventbrite",
    null,
    "Entertainment",
  ],
  ["steam games | steampowered | playstation | xbox | nintendo | epic games | twitch", null, "Entertainment"],

  // Wires.
  ["freedom mobile", "Freedom Mobile", "Telecom"],
  ["bell canada | bell mobility | bell media | bell one bill | virgin plus", "Bell", "Telecom"],
  ["rogers | fido | telus | koodo | videotron | public mobile | shaw cable | teksavvy | chatr", null, "Telecom"],
  ["verizon | at t | t mobile | comcast | xfinity | mint mobile", null, "Telecom"],
  ["telekom | vodafone | o2 | orange | swisscom | bt group | ee limited | free mobile", null, "Telecom"],
  ["hydro ottawa", "Hydro Ottawa", "Utilities"],
  [
    "hydro one | hydro quebec | toronto hydro | bc hydro | alectra | enbridge | fortis* | epcor | enmax",
    null,
    "Utilities",
  ],
  [
    "con edison | coned | pg e | national grid | duke energy | edf | engie | e on | vattenfall | british gas | octopus energy | stadtwerke",
    null,
    "Utilities",
  ],

  // Journeys.
  ["airbnb*", "Airbnb", "Travel"],
  ["air canada | westjet | porter air* | air transat | flair air*", null, "Travel"],
  [
    "delta air* | united air* | american air* | southwest | jetblue | lufthansa | ryanair | easyjet | british airways | air france | klm | wizz air",
    null,
    "Travel",
  ],
  [
    "booking com | expedia* | hotels com | trivago | marriott | hilton | hyatt | ibis | hostel* | hotel*",
    null,
    "Travel",
  ],

  // Health and learning.
  ["rexall", "Rexall", "Health"],
  [
    "shoppers drug mart | pharmaprix | jean coutu | london drugs | cvs | walgreens | boots | apotheke* | pharmac* | farmacia",
    null,
    "Health",
  ],
  [
    "goodlife* | gym | fitness* | yoga | dental | dentist | optical | physio* | clinic | hospital | fielmann",
    null,
    "Health",
  ],
  [
    "university | universite | college | tuition | udemy | coursera | duolingo | skillshare | osap | nslsc",
    null,
    "Education",
  ],

  // Shops last: their names are the widest.
  ["amazon* | amzn*", "Amazon", "Shopping"],
  ["ikea", "IKEA", "Shopping"],
  ["walmart* | wal mart", "Walmart", "Shopping"],
  [
    "canadian tire | home depot | lowes | rona | home hardware | bauhaus | obi | hornbach | leroy merlin",
    null,
    "Shopping",
  ],
  [
    "best buy | bestbuy | apple store | mediamarkt | media markt | saturn | fnac | newegg | canada computers",
    null,
    "Shopping",
  ],
  [
    "winners | homesense | hudsons bay | simons | dollarama | giant tiger | target | uniqlo | h m | zara | zalando | decathlon | muji | nike",
    null,
    "Shopping",
  ],
  [
    "ebay* | etsy* | aliexpress* | shein | temu | wayfair | indigo | chapters | thalia | otto | dm drogerie | rossmann",
    null,
    "Shopping",
  ],
];

/** What a person starts with: merchants of Canada, the United States and Europe. From then on the rules are theirs. */
export const defaultRules: readonly DefaultRule[] = rows.map(([pattern, company, category, kind]) => ({
  pattern,
  company,
  category,
  kind: kind ?? null,
}));
