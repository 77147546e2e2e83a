/** Places that are no zone of their own, by the zone they keep. The cities of the IANA database are known besides. */
const places: Readonly<Record<string, string>> = {
  "America/Los_Angeles":
    "san francisco|sf|seattle|san diego|las vegas|portland|san jose|california|silicon valley|pst|pdt|pacific|pacific time|la|sacramento",
  "America/New_York":
    "nyc|new york city|boston|washington|washington dc|dc|miami|atlanta|philadelphia|est|edt|eastern|eastern time|usa|us|the us|the usa|america|united states|orlando|baltimore|pittsburgh",
  "America/Chicago":
    "houston|dallas|austin|texas|san antonio|minneapolis|cst|cdt|central time|new orleans|nashville|st louis|kansas city|milwaukee",
  "America/Denver": "mst|mdt|mountain time|salt lake city|colorado|albuquerque|utah",
  "America/Phoenix": "arizona|tucson",
  "America/Toronto": "ottawa|montreal|quebec|ontario|canada|waterloo",
  "America/Vancouver": "british columbia|victoria bc",
  "America/Edmonton": "calgary|alberta",
  "America/Sao_Paulo": "rio|rio de janeiro|brasilia|brazil",
  "America/Argentina/Buenos_Aires": "argentina|buenos aires",
  "America/Mexico_City": "mexico|guadalajara",
  "Europe/London":
    "uk|the uk|england|scotland|wales|britain|great britain|united kingdom|edinburgh|manchester|glasgow|birmingham|liverpool|bst|cardiff|leeds|bristol",
  "Europe/Dublin": "ireland|cork",
  "Europe/Berlin":
    "germany|munich|münchen|hamburg|frankfurt|cologne|köln|stuttgart|düsseldorf|leipzig|dresden|cet|cest|central european time|deutschland|hanover|nuremberg|bremen|freiburg",
  "Europe/Paris": "france|lyon|marseille|nice|toulouse|bordeaux",
  "Europe/Madrid": "spain|barcelona|valencia|seville|malaga",
  "Europe/Lisbon": "portugal|porto",
  "Europe/Rome": "italy|milan|milano|naples|florence|venice|turin|bologna",
  "Europe/Amsterdam": "netherlands|the netherlands|holland|rotterdam|the hague|utrecht|eindhoven",
  "Europe/Brussels": "belgium|antwerp|ghent|bruges",
  "Europe/Zurich": "switzerland|geneva|bern|basel|zürich|lausanne",
  "Europe/Vienna": "austria|wien|salzburg|graz|innsbruck",
  "Europe/Warsaw": "poland|krakow|kraków|gdansk|wroclaw",
  "Europe/Prague": "czech republic|czechia|brno",
  "Europe/Copenhagen": "denmark|aarhus",
  "Europe/Stockholm": "sweden|gothenburg|malmö|malmo",
  "Europe/Oslo": "norway|bergen|trondheim",
  "Europe/Helsinki": "finland|tampere",
  "Europe/Athens": "greece|thessaloniki|eet",
  "Europe/Kyiv": "ukraine|kiev|lviv|odesa",
  "Europe/Bucharest": "romania|cluj",
  "Europe/Budapest": "hungary",
  "Europe/Istanbul": "turkey|türkiye|ankara|izmir",
  "Europe/Moscow": "russia|st petersburg|msk",
  "Atlantic/Reykjavik": "iceland",
  "Asia/Tokyo": "japan|osaka|kyoto|yokohama|jst|nagoya|sapporo",
  "Asia/Shanghai": "china|beijing|shenzhen|guangzhou|chengdu|hangzhou|wuhan",
  "Asia/Hong_Kong": "hongkong|hk",
  "Asia/Taipei": "taiwan",
  "Asia/Seoul": "korea|south korea|busan|kst",
  "Asia/Kolkata":
    "india|mumbai|delhi|new delhi|bangalore|bengaluru|chennai|hyderabad|pune|calcutta|ist|kolkata|ahmedabad",
  "Asia/Kathmandu": "nepal|pokhara|katmandu|kathmandu",
  "Asia/Dhaka": "bangladesh",
  "Asia/Karachi": "pakistan|lahore|islamabad",
  "Asia/Dubai": "uae|abu dhabi|emirates|united arab emirates",
  "Asia/Riyadh": "saudi arabia|jeddah|mecca",
  "Asia/Tehran": "iran",
  "Asia/Jerusalem": "israel|tel aviv|haifa",
  "Asia/Singapore": "sgt",
  "Asia/Kuala_Lumpur": "malaysia",
  "Asia/Bangkok": "thailand|phuket|chiang mai",
  "Asia/Ho_Chi_Minh": "vietnam|hanoi|saigon|ho chi minh city",
  "Asia/Jakarta": "indonesia|bandung",
  "Asia/Makassar": "bali|denpasar",
  "Asia/Manila": "philippines|cebu",
  "Australia/Sydney": "canberra|new south wales|aest|aedt",
  "Australia/Melbourne": "victoria",
  "Australia/Brisbane": "queensland|gold coast",
  "Australia/Perth": "western australia",
  "Pacific/Auckland": "new zealand|wellington|christchurch|nzst|nzdt",
  "Pacific/Honolulu": "hawaii",
  "Africa/Cairo": "egypt",
  "Africa/Johannesburg": "south africa|cape town|durban|pretoria",
  "Africa/Lagos": "nigeria|abuja",
  "Africa/Nairobi": "kenya",
  "Africa/Casablanca": "morocco|marrakesh|rabat",
  "Africa/Accra": "ghana",
  "Africa/Addis_Ababa": "ethiopia",
  UTC: "utc|gmt|zulu|universal time|greenwich|greenwich mean time",
};

let known: ReadonlyMap<string, string> | undefined;

/** The IANA zone of a place, an abbreviation or a zone's own name; null when nobody here has heard of it. */
export function findTimeZone(place: string): string | null {
  const name = place
    .trim()
    .replace(/[?.!,"']+$/, "")
    .replace(/^the\s+(?=city of|state of)/i, "")
    .replace(/^(?:the )?(?:city|state|country) of\s+/i, "")
    .toLowerCase();
  return zones().get(name) ?? zones().get(name.split(",")[0]?.trim() ?? "") ?? null;
}

function zones(): ReadonlyMap<string, string> {
  if (known) return known;
  const map = new Map<string, string>();
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    const city = zone
      .slice(zone.lastIndexOf("/") + 1)
      .replaceAll("_", " ")
      .toLowerCase();
    if (zone.includes("/")) map.set(city, zone);
    map.set(zone.toLowerCase(), zone);
  }
  for (const [zone, names] of Object.entries(places)) {
    map.set(zone.toLowerCase(), zone);
    for (const name of names.split("|")) map.set(name, zone);
  }
  known = map;
  return map;
}

/** The place of a zone for people: `America/New_York` → `New York`. */
export function placeOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}
