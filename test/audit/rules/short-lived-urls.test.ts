import type { SignedUpload } from "../../../src/audit/endpoint-facts.ts";
import { faultlessEndpoint } from "../../../src/audit/imagined-endpoints.ts";
import { shortLivedUrls } from "../../../src/audit/rules/short-lived-urls.ts";
import { aBucket, anIntent, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

function withEnvironment(environment: Readonly<Record<string, string>>) {
  return { policies: [], function: { environment } };
}

const own = { BUCKET: "drop", AUTH: "jwt" };

function endpointThatSigns(...lives: readonly number[]) {
  const [first] = faultlessEndpoint("drop", anIntent()).uploads;
  const uploads = lives.map((expiresInSeconds) => ({ ...first, asked: "long-life", expiresInSeconds }) as SignedUpload);
  return { ...faultlessEndpoint("drop", anIntent()), uploads };
}

describeRule(shortLivedUrls, [
  [
    "does not apply without a signer",
    aBucket(),
    notApplicable(
      "How long the URLs for drop live is not known: no function of the signer was read. --endpoint URL asks the endpoint itself.",
    ),
  ],
  [
    "does not apply where the environment says nothing",
    aBucket({ signer: withEnvironment({ BUCKET_NAME: "drop" }) }),
    notApplicable(
      "How long the URLs for drop live is not known: no variable of it says so. --endpoint URL asks the endpoint itself.",
    ),
  ],
  [
    "passes with five minutes",
    aBucket({ signer: withEnvironment({ EXPIRES_IN: "300" }) }),
    passes('URLs for drop live 5 minutes at most: EXPIRES_IN is "300".'),
  ],
  [
    "passes with exactly the limit",
    aBucket({ signer: withEnvironment({ URL_EXPIRATION: "900" }) }),
    passes('URLs for drop live 15 minutes at most: URL_EXPIRATION is "900".'),
  ],
  [
    "fails with an hour",
    aBucket({ signer: withEnvironment({ EXPIRATION: "3600" }) }),
    fails('URLs for drop may live 1 hour: EXPIRATION is "3600". The limit is 15 minutes.'),
  ],
  [
    "goes by the limit that is meant",
    aBucket({ signer: withEnvironment({ EXPIRES_IN: "300" }) }),
    fails('URLs for drop may live 5 minutes: EXPIRES_IN is "300". The limit is 1 minute.'),
    { maxAgeSeconds: 60 },
  ],
  [
    "reads units in the name",
    aBucket({ signer: withEnvironment({ presignedUrlExpiryMinutes: "20" }) }),
    fails('URLs for drop may live 20 minutes: presignedUrlExpiryMinutes is "20". The limit is 15 minutes.'),
  ],
  [
    "reads units in the value",
    aBucket({ signer: withEnvironment({ URL_TTL: "2h" }) }),
    fails('URLs for drop may live 2 hours: URL_TTL is "2h". The limit is 15 minutes.'),
  ],
  [
    "takes milliseconds for what they are",
    aBucket({ signer: withEnvironment({ UPLOAD_URL_TTL_MS: "600000" }) }),
    passes('URLs for drop live 10 minutes at most: UPLOAD_URL_TTL_MS is "600000".'),
  ],
  [
    "finds each variable that is too long",
    aBucket({ signer: withEnvironment({ EXPIRES_IN: "86400", UPLOAD_TTL: "90m", PUT_URL_EXPIRY: "60" }) }),
    fails(
      'URLs for drop may live 1 day: EXPIRES_IN is "86400". The limit is 15 minutes.',
      'URLs for drop may live 90 minutes: UPLOAD_TTL is "90m". The limit is 15 minutes.',
    ),
  ],
  [
    "leaves alone what is about something else",
    aBucket({ signer: withEnvironment({ SESSION_TTL: "86400", CACHE_EXPIRY: "3600", DOWNLOAD_URL_EXPIRES: "7200" }) }),
    notApplicable(
      "How long the URLs for drop live is not known: no variable of it says so. --endpoint URL asks the endpoint itself.",
    ),
  ],
  [
    "is unknown for a value that is no duration",
    aBucket({ signer: withEnvironment({ EXPIRES_IN: "soon" }) }),
    isUnknown('How long the URLs for drop live cannot be told: EXPIRES_IN is "soon", which is no duration.'),
  ],
  [
    "passes for the backend of s3up within its limit",
    aBucket({ signer: withEnvironment({ ...own, EXPIRES_IN_MAX: "600", EXPIRES_IN_DEFAULT: "300" }) }),
    passes('URLs for drop live 10 minutes at most: EXPIRES_IN_MAX is "600".'),
  ],
  [
    "fails for it where clients may ask for more",
    aBucket({ signer: withEnvironment({ ...own, EXPIRES_IN_MAX: "43200", EXPIRES_IN_DEFAULT: "300" }) }),
    fails('URLs for drop may live 12 hours: EXPIRES_IN_MAX is "43200". The limit is 15 minutes.'),
  ],
  [
    "knows its default",
    aBucket({ signer: withEnvironment(own) }),
    fails(
      "URLs for drop may live 15 minutes: EXPIRES_IN_MAX is not set, and that is its default. The limit is 10 minutes.",
    ),
    { maxAgeSeconds: 600 },
  ],
  [
    "passes where the endpoint signed for a short time",
    aBucket({ endpoint: endpointThatSigns(60, 900) }),
    passes("The addresses that api.example.com signed live 15 minutes at most."),
  ],
  [
    "fails where the endpoint gave what was asked for",
    aBucket({ endpoint: endpointThatSigns(60, 604800) }),
    fails(
      "The address that api.example.com signed for a request that wants seven days lives 7 days. The limit is 15 minutes.",
    ),
  ],
  [
    "is unknown where the endpoint signed nothing",
    aBucket({ endpoint: endpointThatSigns() }),
    isUnknown("api.example.com signs only for callers who sign in: name a --token, a --token-command or --auth iam."),
  ],
  [
    "is unknown where the function could not be read",
    aBucket({ signer: unread("AccessDenied: lambda:GetFunctionConfiguration") }),
    isUnknown(
      "The signer's role and function could not be read (AccessDenied: lambda:GetFunctionConfiguration); it takes lambda:GetFunctionConfiguration.",
      "lambda:GetFunctionConfiguration",
    ),
  ],
]);
