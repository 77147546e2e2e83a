/** A notification holds less than 8000 bytes, and what stands before the payload is part of it. */
export const maxNoticeBytes = 7000;

/** SQL for a time as the log tells it: ISO 8601 in UTC, as JavaScript writes it. */
export function isoTimeSql(time: string): string {
  return `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * SQL for what is told on `burgeon_events` of an event that was just written: the event itself, so that those who look on need not
 * ask for it (tail.ts reads it), or only its conversation when it is too long.
 * @param row name of a row of "Event"
 */
export function noticeSql(row: string): string {
  return `CASE WHEN octet_length(${row}.payload::text) < ${maxNoticeBytes}
    THEN concat_ws(' ', ${row}."conversationId", ${row}.seq, ${isoTimeSql(`${row}."createdAt"`)}, ${row}."runId", ${row}.type, ${row}.payload::text)
    ELSE ${row}."conversationId" END`;
}
