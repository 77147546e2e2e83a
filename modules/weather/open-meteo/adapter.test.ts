import { expect, test } from "@burgeon/sdk/test";
import { conditionOf, describeCode } from "./conditions";

const berlin = { latitude: 52.52437, longitude: 13.41053, name: "Berlin, State of Berlin, Germany" };

test("search_place lists the places of a name, the best known first", async ({ run }) => {
  const { items } = await run("search_place", { name: "Paris", count: 2 });
  expect(items).toEqual([
    {
      id: "2988507",
      name: "Paris",
      latitude: 48.85341,
      longitude: 2.3488,
      country: "France",
      region: "Île-de-France",
      timeZone: "Europe/Paris",
      population: 2138551,
    },
    {
      id: "4717560",
      name: "Paris",
      latitude: 33.66094,
      longitude: -95.55551,
      country: "United States",
      region: "Texas",
      timeZone: "America/Chicago",
      population: 24782,
    },
  ]);
});

test("search_place finds nothing without failing", async ({ run }) => {
  expect(await run("search_place", { name: "Xyzzyville" })).toEqual({ items: [] });
});

test("current_weather finds the place and is canonical, at an instant in UTC", async ({ run }) => {
  expect(await run("current_weather", { place: "Berlin" })).toEqual({
    at: "2026-01-15T12:00:00.000Z",
    location: berlin,
    temperatureCelsius: 2.4,
    feelsLikeCelsius: -1.8,
    humidityPercent: 86,
    pressureHpa: 1014.2,
    windMetersPerSecond: 4.1,
    windDirectionDegrees: 248,
    condition: "drizzle",
    description: "light drizzle",
  });
});

test("current_weather takes coordinates, and leaves out what the service does not know", async ({ run }) => {
  expect(await run("current_weather", { place: "-33.87, 151.21" })).toEqual({
    at: "2026-01-15T12:00:00.000Z",
    location: { latitude: -33.87, longitude: 151.21 },
    temperatureCelsius: 22.9,
    condition: "clear",
    description: "clear sky",
  });
});

test("current_weather of a name with more behind the comma takes the place that fits", async ({ run }) => {
  const { location } = await run("current_weather", { place: "Paris, Texas" });
  expect(location).toEqual({ latitude: 33.66094, longitude: -95.55551, name: "Paris, Texas, United States" });
});

test("an unknown place and impossible coordinates are said to be so", async ({ run }) => {
  await expect(run("current_weather", { place: "Xyzzyville" })).rejects.toThrow("not_found");
  await expect(run("current_weather", { place: " , Texas" })).rejects.toThrow("invalid_input");
  await expect(run("current_weather", { place: "91,0" })).rejects.toThrow("invalid_input");
});

test("daily_forecast has one entry for each day of the place, and skips a day without values", async ({ run }) => {
  const { items } = await run("daily_forecast", { place: "Berlin", days: 3 });
  expect(items).toEqual([
    {
      at: "2026-01-15",
      location: berlin,
      temperatureCelsius: 1.3,
      temperatureMinCelsius: -0.6,
      temperatureMaxCelsius: 3.1,
      condition: "snow",
      precipitationProbability: 0.83,
      precipitationMm: 4.2,
      windMetersPerSecond: 7.3,
    },
    {
      at: "2026-01-16",
      location: berlin,
      temperatureCelsius: 0,
      temperatureMinCelsius: -2,
      temperatureMaxCelsius: 2,
      condition: "clouds",
      precipitationProbability: 0,
      precipitationMm: 0,
      windMetersPerSecond: 3.2,
    },
  ]);
});

test("hourly_forecast has instants in UTC and probabilities from 0 to 1", async ({ run }) => {
  const { items } = await run("hourly_forecast", { place: "Berlin", hours: 2 });
  expect(items).toMatchObject([
    {
      at: "2026-01-15T12:00:00.000Z",
      temperatureCelsius: 2.4,
      condition: "rain",
      precipitationProbability: 0.65,
      precipitationMm: 0.3,
    },
    { at: "2026-01-15T13:00:00.000Z", temperatureCelsius: 2.6, condition: "thunderstorm" },
  ]);
  expect(items[1].precipitationProbability).toBeUndefined();
});

test("a request the service refuses is shown with its reason", async ({ run }) => {
  await expect(run("hourly_forecast", { place: "0,0", hours: 999 })).rejects.toThrow("Forecast hours is invalid");
});

test("a service that is down is an error of the service", async ({ run }) => {
  await expect(run("daily_forecast", { place: "1,1" })).rejects.toThrow("upstream");
});

test("every WMO code has a condition", () => {
  const codes = [
    0, 1, 2, 3, 45, 48, 51, 53, 55, 56, 57, 61, 63, 65, 66, 67, 71, 73, 75, 77, 80, 81, 82, 85, 86, 95, 96, 99,
  ];
  expect(codes.map((code) => conditionOf(code)).filter((condition) => condition === "clear")).toHaveLength(2);
  expect(conditionOf(67)).toBe("rain");
  expect(conditionOf(86)).toBe("snow");
  expect(describeCode(99)).toBe("thunderstorm with hail");
  expect(describeCode(null)).toBe("unknown");
});
