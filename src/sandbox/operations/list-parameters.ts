/** What all lists have in common: how many entries at once, and keys that XML cannot hold. */
import { s3Error } from "../s3-error.ts";

/** No list of S3 is longer. */
const MAX_ENTRIES = 1000;

/** More than 1,000 is as good as 1,000. @throws S3Error `InvalidArgument` */
export function readLimit(text: string | undefined, name: string): number {
  return Math.min(readWholeNumber(text ?? String(MAX_ENTRIES), name), MAX_ENTRIES);
}

/** @throws S3Error `InvalidArgument` */
export function readWholeNumber(text: string, name: string): number {
  if (!/^-?\d{1,10}$/.test(text)) throw invalid(name, text, `Provided ${name} not an integer or within integer range`);
  const number = Number(text);
  if (number >= 0 && number < 2 ** 31) return number;
  throw invalid(name, text, `Argument ${name} must be an integer between 0 and 2147483647`);
}

/** How keys are written: as they are, or, on request, in the form of URLs. @throws S3Error `InvalidArgument` */
export function keyEncoding(query: ReadonlyMap<string, string>): (key: string) => string {
  const type = query.get("encoding-type");
  if (type === undefined) return (key) => key;
  if (type !== "url") throw invalid("encoding-type", type, "Invalid Encoding Method specified in Request");
  return (key) => encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");
}

function invalid(name: string, value: string, message: string): Error {
  return s3Error("InvalidArgument", { ArgumentName: name, ArgumentValue: value }, { message });
}
