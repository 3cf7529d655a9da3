/** The compact form of ISO 8601 in which Signature Version 4 writes times: `20130524T000000Z`. */
const compactTime = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** How far a client's clock may be off. Source: S3's RequestTimeTooSkewed. */
export const MAX_SKEW_MILLISECONDS = 15 * 60 * 1000;

/** Undefined when the text is no such time. */
export function parseCompactTime(text: string): Date | undefined {
  const match = compactTime.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  const time = new Date(iso);
  // the 31st of a short month would silently become the 1st of the next
  return Number.isNaN(time.getTime()) || timeForPeople(time) !== iso ? undefined : time;
}

export function compactTimeOf(time: Date): string {
  return timeForPeople(time).replaceAll(/[-:]/g, "");
}

/** `2013-05-24T00:00:00Z`, as S3 writes times into its errors. */
export function timeForPeople(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
