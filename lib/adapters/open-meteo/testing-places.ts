/** Places of the sample service: name, region, country, its code, latitude, longitude, zone. More than one Paris, London and Ottawa. */
const rows: [string, string, string, string, number, number, string][] = [
  ["Berlin", "Land Berlin", "Germany", "DE", 52.52437, 13.41053, "Europe/Berlin"],
  ["Munich", "Bavaria", "Germany", "DE", 48.13743, 11.57549, "Europe/Berlin"],
  ["Hamburg", "Hamburg", "Germany", "DE", 53.55073, 9.99302, "Europe/Berlin"],
  ["Paris", "Île-de-France", "France", "FR", 48.85341, 2.3488, "Europe/Paris"],
  ["Paris", "Texas", "United States", "US", 33.66094, -95.55551, "America/Chicago"],
  ["London", "England", "United Kingdom", "GB", 51.50853, -0.12574, "Europe/London"],
  ["London", "Ontario", "Canada", "CA", 42.98339, -81.23304, "America/Toronto"],
  ["Toronto", "Ontario", "Canada", "CA", 43.70643, -79.39864, "America/Toronto"],
  ["Ottawa", "Ontario", "Canada", "CA", 45.41117, -75.69812, "America/Toronto"],
  ["Ottawa", "Illinois", "United States", "US", 41.34559, -88.84258, "America/Chicago"],
  ["Montréal", "Quebec", "Canada", "CA", 45.50884, -73.58781, "America/Toronto"],
  ["Vancouver", "British Columbia", "Canada", "CA", 49.24966, -123.11934, "America/Vancouver"],
  ["St. John's", "Newfoundland and Labrador", "Canada", "CA", 47.56494, -52.70931, "America/St_Johns"],
  ["New York", "New York", "United States", "US", 40.71427, -74.00597, "America/New_York"],
  ["San Francisco", "California", "United States", "US", 37.77493, -122.41942, "America/Los_Angeles"],
  ["Lisbon", "Lisbon District", "Portugal", "PT", 38.71667, -9.13333, "Europe/Lisbon"],
  ["Madrid", "Madrid", "Spain", "ES", 40.4165, -3.70256, "Europe/Madrid"],
  ["Rome", "Lazio", "Italy", "IT", 41.89193, 12.51133, "Europe/Rome"],
  ["Warsaw", "Mazovia", "Poland", "PL", 52.22977, 21.01178, "Europe/Warsaw"],
  ["Oslo", "Oslo", "Norway", "NO", 59.91273, 10.74609, "Europe/Oslo"],
  ["Reykjavík", "Capital Region", "Iceland", "IS", 64.13548, -21.89541, "Atlantic/Reykjavik"],
  ["Cairo", "Cairo Governorate", "Egypt", "EG", 30.06263, 31.24967, "Africa/Cairo"],
  ["Nairobi", "Nairobi Area", "Kenya", "KE", -1.28333, 36.81667, "Africa/Nairobi"],
  ["Mumbai", "Maharashtra", "India", "IN", 19.07283, 72.88261, "Asia/Kolkata"],
  ["Kathmandu", "Bagmati Province", "Nepal", "NP", 27.70169, 85.3206, "Asia/Kathmandu"],
  ["Singapore", "", "Singapore", "SG", 1.28967, 103.85007, "Asia/Singapore"],
  ["Tokyo", "Tokyo", "Japan", "JP", 35.6895, 139.69171, "Asia/Tokyo"],
  ["Sydney", "New South Wales", "Australia", "AU", -33.86785, 151.20732, "Australia/Sydney"],
  ["Auckland", "Auckland", "New Zealand", "NZ", -36.84853, 174.76349, "Pacific/Auckland"],
  ["São Paulo", "São Paulo", "Brazil", "BR", -23.5475, -46.63611, "America/Sao_Paulo"],
];

export interface SamplePlace {
  id: number;
  name: string;
  admin1?: string;
  country: string;
  country_code: string;
  latitude: number;
  longitude: number;
  timezone: string;
}

export const samplePlaces: readonly SamplePlace[] = rows.map(
  ([name, region, country, code, latitude, longitude, timezone], at) => ({
    id: 1000 + at,
    name,
    ...(region ? { admin1: region } : {}),
    country,
    country_code: code,
    latitude,
    longitude,
    timezone,
  }),
);

/** The zone of the nearest place if it is near; else the one that the sun would give. */
export function zoneOf(latitude: number, longitude: number): string {
  const away = ({ latitude: north, longitude: east }: SamplePlace) =>
    Math.hypot(north - latitude, (east - longitude) * Math.cos((latitude * Math.PI) / 180));
  const [nearest] = [...samplePlaces].sort((one, other) => away(one) - away(other));
  if (nearest && away(nearest) < 8) return nearest.timezone;
  const hours = Math.round(longitude / 15);
  // The signs of these names are the other way round.
  return hours === 0 ? "Etc/GMT" : `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`;
}

/** Without accents and case, as a search compares. */
export function plainName(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
