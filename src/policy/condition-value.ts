import type { OperatorFamily } from "./condition-operator.ts";
import { parseIpRange } from "./ip-range.ts";

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const ISO_DATE = /^\d{4}(-\d{2}(-\d{2}(T\d{2}(:\d{2}(:\d{2}(\.\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;
const EPOCH = /^-?\d{1,15}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * What is wrong with a condition's value, or undefined. A value with a policy variable is only known when a request is made, so
 * it is taken as it is.
 */
export function problemOfValue(family: OperatorFamily, value: string): string | undefined {
  if (value.includes("${")) return undefined;
  const shown = JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  switch (family) {
    case "numeric":
      return parseNumber(value) === undefined ? `${shown} is not a number` : undefined;
    case "date":
      return parseDate(value) === undefined ? `${shown} is neither an ISO 8601 date nor seconds since 1970` : undefined;
    case "bool":
    case "null":
      return parseBoolean(value) === undefined ? `${shown} is neither true nor false` : undefined;
    case "ip":
      return parseIpRange(value) === undefined ? `${shown} is not an IP address or a CIDR range` : undefined;
    case "binary":
      return value.length % 4 === 0 && BASE64.test(value) ? undefined : `${shown} is not base64`;
    case "string":
    case "arn":
      return undefined;
  }
}

export function parseNumber(text: string): number | undefined {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Milliseconds since 1970, from an ISO 8601 date or from seconds since 1970. */
export function parseDate(text: string): number | undefined {
  if (EPOCH.test(text) && text.length !== 4) return Number(text) * 1000;
  if (!ISO_DATE.test(text)) return undefined;
  const value = Date.parse(withSeconds(text));
  return Number.isNaN(value) ? undefined : value;
}

export function parseBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

/** JavaScript reads a date with hours only with minutes, and takes a time without zone for local time: policies mean UTC. */
function withSeconds(text: string): string {
  const [, date = text, time, zone] = /^([\d-]+?)(?:T([\d:.]+)(Z|[+-]\d{2}:?\d{2})?)?(?:Z)?$/.exec(text) ?? [];
  if (time === undefined) return date;
  const minutes = time.includes(":") ? time : `${time}:00`;
  return `${date}T${minutes.replace(/(\.\d{3})\d+/, "$1")}${zone?.replace(/(\d{2})(\d{2})$/, "$1:$2") ?? "Z"}`;
}
