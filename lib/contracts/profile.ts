import { z } from "zod";
import { isTimeZone } from "./calendar";

/** What a person says of themselves once, so that days, amounts and distances are theirs. */
export const profileSchema = z.strictObject({
  /** IANA zone; null: the one of the machine that Burgeon runs on. */
  timeZone: z.string().refine(isTimeZone, "a time zone such as Europe/Berlin").nullable().default(null),
  /** For files that do not say. ISO 4217. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "three letters such as CAD")
    .default("CAD"),
  transport: z.enum(["driving", "walking", "cycling"]).default("driving"),
});
export type Profile = z.infer<typeof profileSchema>;

export const placeSchema = z.object({
  id: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  label: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  timeZone: z.string().nullable(),
});
export type PlaceView = z.infer<typeof placeSchema>;

export const newPlaceSchema = z.strictObject({
  name: z.string().trim().toLowerCase().min(1).max(60),
  aliases: z.array(z.string().trim().toLowerCase().min(1).max(60)).max(20).default([]),
  label: z.string().trim().min(1).max(300),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  timeZone: z.string().refine(isTimeZone).nullable().default(null),
});
export type NewPlace = z.infer<typeof newPlaceSchema>;

/** What people say for a place of their own, before they add words of theirs. */
export const placeAliases: Readonly<Record<string, readonly string[]>> = {
  work: ["office", "workplace", "company", "the office"],
  home: ["house", "apartment", "flat", "my place"],
  downtown: ["city centre", "city center", "center", "centre"],
};
