/** A notification holds less than 8000 bytes, and what stands before the payload is part of it. */
export const maxNoticeBytes = 7000;

/** SQL for a time as the log tells it: ISO 8601 in UTC, as JavaScript writes it. */
export function isoTimeSql(time: string): string {
  return `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** SQL for an event as a notice tells it (tail.ts reads it). Each part is an expression; `payload` is JSON as text. */
export function noticeTextSql(
  event: Record<"conversationId" | "seq" | "at" | "runId" | "type" | "payload", string>,
): string {
  const { conversationId, seq, at, runId, type, payload } = event;
  return `concat_ws(' ', ${conversationId}, ${seq}, ${isoTimeSql(at)}, ${runId}, ${type}, ${payload})`;
}

/**
 * SQL for what is told on `burgeon_events` of an event that was just written: the event itself, so that those who look on need not
 * ask for it (tail.ts reads it), or only its conversation when it is too long.
 * @param row name of a row of "Event"
 */
export function noticeSql(row: string): string {
  const conversationId = `${row}."conversationId"`;
  const payload = `${row}.payload::text`;
  const event = { seq: `${row}.seq`, at: `${row}."createdAt"`, runId: `${row}."runId"`, type: `${row}.type` };
  return `CASE WHEN octet_length(${payload}) < ${maxNoticeBytes}
    THEN ${noticeTextSql({ conversationId, payload, ...event })} ELSE ${conversationId} END`;
}
