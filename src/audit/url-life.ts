/** How long the URLs of a signer may live, as far as its environment says it. */
import { isOwnBackend, LONGEST_BY_DEFAULT } from "./own-backend.ts";
import { wordsOf } from "./signer-environment.ts";

export interface UrlLife {
  readonly variable: string;
  /** Undefined where the value cannot be read as a duration. */
  readonly seconds: number | undefined;
  /** As it stands in the environment; undefined where the signer falls back to its default. */
  readonly text: string | undefined;
}

/** The longest life first. */
export function urlLives(environment: Readonly<Record<string, string>>): readonly UrlLife[] {
  const lives = isOwnBackend(environment) ? ownLives(environment) : foreignLives(environment);
  return lives.toSorted((a, b) => (b.seconds ?? Number.POSITIVE_INFINITY) - (a.seconds ?? Number.POSITIVE_INFINITY));
}

/** Clients ask for a life up to this one, so only it counts. */
function ownLives({ EXPIRES_IN_MAX }: Readonly<Record<string, string>>): UrlLife[] {
  // an empty variable is how a deployment tool writes one that is not set
  const text = EXPIRES_IN_MAX === "" ? undefined : EXPIRES_IN_MAX;
  const seconds = text === undefined ? LONGEST_BY_DEFAULT : secondsOf(text, 1);
  return [{ variable: "EXPIRES_IN_MAX", seconds, text }];
}

function foreignLives(environment: Readonly<Record<string, string>>): UrlLife[] {
  return Object.entries(environment).flatMap(([variable, text]) => {
    const words = wordsOf(variable);
    if (!isAboutUploads(words)) return [];
    return [{ variable, seconds: secondsOf(text, unitOf(words)), text }];
  });
}

/** `URL_EXPIRATION`, `EXPIRES_IN`, `presignedUrlTtl`; not `SESSION_TTL` or `DOWNLOAD_URL_EXPIRES`. */
function isAboutUploads(words: readonly string[]): boolean {
  if (words.some((word) => ofSomethingElse.test(word))) return false;
  if (words.some((word) => /^expir/.test(word))) return true;
  return words.some((word) => /^(ttl|life|lifetime|age|duration|validity)$/.test(word)) && words.some(isUrl);
}

const ofSomethingElse =
  /^(tokens?|sessions?|jwt|cookies?|cache|cors|downloads?|get|read|db|table|items?|records?|redis|logs?|objects?|lifecycle|jobs?|lock|otp|invites?|passwords?|certs?|certificates?)$/;

function isUrl(word: string): boolean {
  return /^(urls?|presign\w*|sign(ed|ature)?|uploads?|put|post|links?)$/.test(word);
}

function unitOf(words: readonly string[]): number {
  const unit = words.map((word) => secondsIn[word]).find((seconds) => seconds !== undefined);
  return unit ?? 1;
}

const secondsIn: Readonly<Record<string, number | undefined>> = {
  ms: 0.001,
  millis: 0.001,
  milliseconds: 0.001,
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};

/** `900`, `15m`, `1 hour`; a bare number is in the unit that the name says. */
function secondsOf(text: string, unit: number): number | undefined {
  const [, number, name = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = name === "" ? unit : secondsIn[name.toLowerCase()];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
