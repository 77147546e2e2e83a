import { afterEach, describe, expect, it } from "vitest";
import { placeHitSchema, weatherReportSchema } from "../../contracts/open-data";
import { startSample, stopSamples, stubEnvironment, testingIo } from "../testing-io";
import { openMeteo } from "./adapter";
import { createOpenMeteoFake } from "./testing-fake";
import { readWeatherCode } from "./weather-code";

// The night in which Berlin's clocks go back is in these seven days.
const now = new Date("2026-10-23T22:30:00Z");
const berlin = { latitude: 52.52437, longitude: 13.41053, name: "Berlin" };
const weather = openMeteo.weather;
if (!weather) throw new Error("open-meteo knows the weather");

afterEach(stopSamples);

async function start(change?: (body: Record<string, unknown>) => unknown) {
  const { serve, faults } = createOpenMeteoFake(() => now);
  const origin = await startSample(async (request) => {
    const response = await serve(request);
    return change && response.ok ? Response.json(change((await response.json()) as Record<string, unknown>)) : response;
  });
  stubEnvironment({ OPEN_METEO_BASE_URL: origin, OPEN_METEO_GEOCODING_URL: `${origin}/` });
  return { faults, io: (signal?: AbortSignal) => testingIo([origin], { now, signal }) };
}

describe("a weather report", () => {
  it("holds now, the next 48 hours and seven days of the place, also over a change of clocks", async () => {
    const { io } = await start();
    const report = weatherReportSchema.parse(await weather.report(io(), berlin));
    expect(report).toMatchObject({ place: berlin, timeZone: "Europe/Berlin" });
    expect(report.current).toMatchObject({ at: "2026-10-23T22:30:00.000Z", location: berlin });
    expect(report.hourly).toHaveLength(48);
    expect(report.hourly[0]?.at).toBe("2026-10-23T22:00:00.000Z");
    // It is after midnight in Berlin: its day is the 24th.
    const days = ["24", "25", "26", "27", "28", "29", "30"].map((day) => `2026-10-${day}`);
    expect(report.daily.map(({ at }) => at)).toEqual(days);
    for (const day of report.daily)
      expect(day.temperatureMinCelsius).toBeLessThanOrEqual(day.temperatureMaxCelsius ?? Number.NaN);
  });

  it("keeps zeros and leaves out what the model does not know", async () => {
    const { io } = await start((body) => ({
      ...body,
      current: {
        time: 1_792_000_000,
        temperature_2m: 0,
        apparent_temperature: null,
        wind_speed_10m: 0,
        weather_code: 71,
      },
      hourly: {
        time: [1_792_000_000, 1_792_003_600],
        temperature_2m: [0, null],
        weather_code: [0, null],
        precipitation_probability: [0, null],
        precipitation: [0, null],
        wind_speed_10m: [null, null],
      },
    }));
    const { current, hourly } = await weather.report(io(), berlin);
    expect(current).toMatchObject({ temperatureCelsius: 0, windMetersPerSecond: 0, condition: "snow" });
    expect(current).not.toHaveProperty("feelsLikeCelsius");
    expect(hourly).toHaveLength(1);
    expect(hourly[0]).toMatchObject({ temperatureCelsius: 0, precipitationProbability: 0, precipitationMm: 0 });
    expect(hourly[0]).not.toHaveProperty("windMetersPerSecond");
  });

  it("names the days of the place also where midnight moved after the offset that the service tells", async () => {
    const midnights = ["2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"];
    const { io } = await start((body) => ({
      ...body,
      utc_offset_seconds: 3600,
      daily: {
        time: midnights.map((time) => Date.parse(time) / 1000),
        ...Object.fromEntries(
          ["temperature_2m_max", "temperature_2m_min", "weather_code", "precipitation_probability_max"]
            .concat("precipitation_sum", "wind_speed_10m_max")
            .map((name) => [name, [1, 1, 1]]),
        ),
      },
    }));
    const { daily } = await weather.report(io(), berlin);
    expect(daily.map(({ at }) => at)).toEqual(["2026-03-28", "2026-03-29", "2026-03-30"]);
  });

  it("is refused in other units than were asked for", async () => {
    const { io } = await start((body) => ({
      ...body,
      current_units: { temperature_2m: "°C", wind_speed_10m: "km/h" },
    }));
    await expect(weather.report(io(), berlin)).rejects.toMatchObject({ code: "unavailable" });
  });

  it("is not there for a place that the service refuses", async () => {
    const { io } = await start();
    const nowhere = { latitude: Number.NaN, longitude: 0 };
    await expect(weather.report(io(), nowhere)).rejects.toMatchObject({ code: "invalid" });
  });

  it("says what is wrong with the service, with a code and a sentence", async () => {
    const { io, faults } = await start();
    faults.plan("rate-limited", "unavailable", "malformed", "wrong-type");
    await expect(weather.report(io(), berlin)).rejects.toMatchObject({ code: "rate-limited", retryAfterMs: 30_000 });
    for (const _ of [1, 2, 3])
      await expect(weather.report(io(), berlin)).rejects.toMatchObject({ code: "unavailable" });
    await expect(weather.report(io(), berlin)).resolves.toMatchObject({ timeZone: "Europe/Berlin" });
  });

  it("ends as soon as the work is stopped", async () => {
    const { io, faults } = await start();
    faults.plan("slow");
    const stop = new AbortController();
    const asked = weather.report(io(stop.signal), berlin);
    await expect.poll(() => faults.asked.length).toBe(1);
    stop.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
  });
});

describe("a place search", () => {
  it("finds places with region and zone, and nothing where there is nothing", async () => {
    const { io, faults } = await start();
    const [first] = await weather.searchPlaces(io(), " montreal ");
    expect(placeHitSchema.parse(first)).toMatchObject({
      name: "Montréal",
      region: "Quebec, Canada",
      timeZone: "America/Toronto",
    });
    expect(await weather.searchPlaces(io(), "Atlantis")).toEqual([]);
    const before = faults.asked.length;
    expect(await weather.searchPlaces(io(), "x")).toEqual([]);
    expect(faults.asked).toHaveLength(before);
  });

  it("tells places of one name apart by what follows the comma", async () => {
    const { io } = await start();
    const regions = async (name: string) => (await weather.searchPlaces(io(), name)).map(({ region }) => region);
    expect(await regions("Paris")).toEqual(["Île-de-France, France", "Texas, United States"]);
    expect(await regions("Paris, Texas")).toEqual(["Texas, United States"]);
    expect(await regions("Ottawa, CA")).toEqual(["Ontario, Canada"]);
    expect(await regions("Berlin, Nowhere")).toEqual(["Land Berlin, Germany"]);
  });
});

describe("the sample service", () => {
  it("has the same weather for the same hour, and winters where they belong", async () => {
    const { io } = await start();
    expect(await weather.report(io(), berlin)).toEqual(await weather.report(io(), berlin));
    const meanOf = async (month: string, latitude: number) => {
      const { serve } = createOpenMeteoFake(() => new Date(`2026-${month}-15T12:00:00Z`));
      const origin = await startSample(serve);
      stubEnvironment({ OPEN_METEO_BASE_URL: origin });
      const { daily } = await weather.report(testingIo([origin]), { latitude, longitude: 15 });
      return daily.reduce((sum, day) => sum + day.temperatureCelsius, 0) / daily.length;
    };
    expect(await meanOf("01", 52)).toBeLessThan((await meanOf("07", 52)) - 10);
    expect(await meanOf("07", -34)).toBeLessThan((await meanOf("01", -34)) - 5);
  });
});

describe("a weather code", () => {
  it("means what the table of the WMO says, also where Open-Meteo does not use it", () => {
    expect([0, 3, 45, 55, 65, 66, 77, 86, 99].map((code) => readWeatherCode(code).condition)).toEqual([
      ...["clear", "clouds", "fog", "drizzle", "rain", "rain", "snow", "snow", "thunderstorm"],
    ]);
    expect(readWeatherCode(10)).toEqual({ condition: "mist" });
    expect(readWeatherCode(-1)).toEqual({ condition: "clouds" });
  });
});
