/** Requests that shall only happen when the object is what the client believes it is. */
import { notImitated } from "./operation.ts";
import { s3Error } from "./s3-error.ts";
import { quoted, type StoredObject } from "./stored-object.ts";

type Headers = Readonly<Record<string, string | undefined>>;

/** A read of an object that the client has already is answered with `notModified`: 304 and no body. */
export type ReadDecision = "read" | "notModified";

/**
 * RFC 9110, section 13.2.2: an entity tag, where one is given, decides instead of the date.
 * @throws S3Error `PreconditionFailed`
 */
export function decideRead(headers: Headers, object: StoredObject): ReadDecision {
  requireMatch(object, headers["if-match"], headers["if-unmodified-since"], "If-Match", "If-Unmodified-Since");
  return isKnown(object, headers["if-none-match"], headers["if-modified-since"]) ? "notModified" : "read";
}

/** The same four conditions on the source of a copy, where there is no 304. @throws S3Error `PreconditionFailed` */
export function checkCopySource(headers: Headers, source: StoredObject): void {
  const condition = (name: string) => headers[`x-amz-copy-source-if-${name}`];
  const [match, unmodified] = ["x-amz-copy-source-if-match", "x-amz-copy-source-if-unmodified-since"] as const;
  requireMatch(source, condition("match"), condition("unmodified-since"), match, unmodified);
  if (isKnown(source, condition("none-match"), condition("modified-since"))) {
    throw failed(
      condition("none-match") === undefined ? "x-amz-copy-source-if-modified-since" : "x-amz-copy-source-if-none-match",
    );
  }
}

function requireMatch(
  object: StoredObject,
  etags: string | undefined,
  date: string | undefined,
  etagName: string,
  dateName: string,
): void {
  if (etags !== undefined) {
    if (!lists(etags, object.etag)) throw failed(etagName);
  } else if (isAfter(object.lastModified, date)) {
    throw failed(dateName);
  }
}

function isKnown(object: StoredObject, etags: string | undefined, date: string | undefined): boolean {
  if (etags !== undefined) return lists(etags, object.etag);
  return date !== undefined && !Number.isNaN(Date.parse(date)) && !isAfter(object.lastModified, date);
}

/** HTTP dates have no fraction of a second. A date that is none does not count. */
function isAfter(lastModified: string, date: string | undefined): boolean {
  const limit = Date.parse(date ?? "");
  return Math.floor(Date.parse(lastModified) / 1000) > Math.floor(limit / 1000);
}

function lists(etags: string, etag: string): boolean {
  return etags.split(",").some((text) => ["*", etag, quoted(etag)].includes(text.trim().replace(/^W\//, "")));
}

/** What must be there, or not be there, for a write to happen. */
export interface WriteCondition {
  /** Before the body is read. @throws S3Error `PreconditionFailed`, `NoSuchKey` */
  check(current: StoredObject | undefined): void;
  /** In the moment of the write, when somebody else may have been quicker. @throws S3Error also `ConditionalRequestConflict` */
  checkAgain(current: StoredObject | undefined): void;
}

export const unconditional: WriteCondition = { check: () => undefined, checkAgain: () => undefined };

/** @throws S3Error `NotImplemented` for the forms that S3 itself does not take on a write */
export function writeCondition(headers: Headers, key: string): WriteCondition {
  const { "if-match": match, "if-none-match": noneMatch } = headers;
  const other = ["if-modified-since", "if-unmodified-since"].find((name) => headers[name] !== undefined);
  if (other !== undefined) throw notImitated(`${other} on a write`, { Header: other });
  if (match !== undefined && noneMatch !== undefined)
    throw notImitated("If-Match beside If-None-Match", { Header: "If-Match" });
  if (noneMatch !== undefined) return mustBeAbsent(noneMatch);
  return match === undefined ? unconditional : mustMatch(match, key);
}

function mustBeAbsent(value: string): WriteCondition {
  if (value.trim() !== "*")
    throw notImitated("If-None-Match with an entity tag on a write", { Header: "If-None-Match" });
  const check = (current: StoredObject | undefined) => {
    if (current !== undefined) throw failed("If-None-Match");
  };
  return { check, checkAgain: check };
}

function mustMatch(etags: string, key: string): WriteCondition {
  const compare = (current: StoredObject) => {
    if (!lists(etags, current.etag)) throw failed("If-Match");
  };
  return {
    check: (current) => {
      if (current === undefined) throw s3Error("NoSuchKey", { Key: key });
      compare(current);
    },
    checkAgain: (current) => {
      // it was there when the request began
      if (current === undefined) throw s3Error("ConditionalRequestConflict", { Condition: "If-Match", Key: key });
      compare(current);
    },
  };
}

function failed(condition: string): Error {
  return s3Error("PreconditionFailed", { Condition: condition });
}
