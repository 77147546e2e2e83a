import type { CalendarView } from "@/lib/contracts/calendar";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute } from "../statement";
import { isWritableSql } from "./event-row";

/** A calendar with what a change at its source needs. */
export interface CalendarPlace extends CalendarView {
  adapter: string;
  sourceId: string;
}

const columns = `k.id, k."connectionId", k."sourceId", k.title, k."timeZone", k.color, k.access, k."isPrimary", k."isShown", c.adapter,
  ${isWritableSql} AS "isWritable"`;

/** The viewer's calendars, the main one first. */
export async function listCalendars(viewer: Viewer): Promise<CalendarPlace[]> {
  const { rows } = await execute<CalendarPlace>({
    name: "list-calendars",
    text: `SELECT ${columns} FROM "Calendar" k JOIN "Connection" c ON c.id = k."connectionId"
           WHERE k."userId" = $1 ORDER BY k."isPrimary" DESC, c."createdAt", k.title, k.id`,
    values: [viewer.userId],
  });
  return rows;
}

/** @throws AppError not-found when the viewer has no such calendar */
export async function getCalendar(viewer: Viewer, calendarId: string): Promise<CalendarPlace> {
  const { rows } = await execute<CalendarPlace>({
    name: "get-calendar",
    text: `SELECT ${columns} FROM "Calendar" k JOIN "Connection" c ON c.id = k."connectionId" WHERE k."userId" = $1 AND k.id = $2`,
    values: [viewer.userId, calendarId],
  });
  if (!rows[0]) throw new AppError("not-found", "There is no such calendar.");
  return rows[0];
}

/** Shows or hides a calendar everywhere: pages, tools, context. @throws AppError not-found */
export async function showCalendar(viewer: Viewer, calendarId: string, isShown: boolean): Promise<void> {
  const { rowCount } = await execute({
    name: "show-calendar",
    text: `UPDATE "Calendar" SET "isShown" = $3 WHERE "userId" = $1 AND id = $2`,
    values: [viewer.userId, calendarId, isShown],
  });
  if (rowCount === 0) throw new AppError("not-found", "There is no such calendar.");
}
