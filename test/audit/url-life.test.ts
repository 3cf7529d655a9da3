import { expect, test } from "vitest";
import { urlLives } from "../../src/audit/url-life.ts";

/** The longest life first; what is no duration could be the longest. */
const rows: readonly (readonly [string, Readonly<Record<string, string>>, readonly (number | undefined)[]])[] = [
  ["nothing", {}, []],
  ["seconds where nobody says a unit", { EXPIRES_IN: "300" }, [300]],
  ["the unit in the name", { EXPIRY_HOURS: "1", EXPIRY_MINUTES: "5", urlExpiryMs: "60000" }, [3600, 300, 60]],
  ["the unit in the value, over that in the name", { EXPIRY_HOURS: "30s" }, [30]],
  ["spaces and case", { EXPIRATION: " 2 Hours " }, [7200]],
  ["no duration before all others", { EXPIRES_IN: "900", URL_EXPIRY: "never" }, [undefined, 900]],
  ["a time to live only of URLs", { TTL: "60", URL_TTL: "120", PRESIGNED_LIFETIME: "180" }, [180, 120]],
  [
    "none of sessions, caches, downloads and tokens",
    { SESSION_EXPIRY: "1", CACHE_TTL: "1", GET_URL_TTL: "1", TOKEN_LIFE: "1" },
    [],
  ],
  [
    "only the longest that clients of s3up's backend can ask for",
    { BUCKET: "drop", AUTH: "jwt", EXPIRES_IN_DEFAULT: "300", EXPIRES_IN_MAX: "600" },
    [600],
  ],
  ["its default", { BUCKET: "drop", AUTH: "none", EXPIRES_IN_MAX: "" }, [900]],
];

test.for(rows)("%s", ([, environment, seconds]) => {
  expect(urlLives(environment).map((life) => life.seconds)).toEqual(seconds);
});
