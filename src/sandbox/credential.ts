import type { CredentialScope } from "./signing-key.ts";

/** `AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request` taken apart. */
export interface Credential {
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
}

/** Why a credential is not one for this S3: S3's words, and the region it should have named when that is what is wrong. */
export interface CredentialFault {
  readonly reason: string;
  readonly details: Readonly<Record<string, string>>;
}

export function parseCredential(text: string): Credential | undefined {
  const parts = text.split("/");
  const [accessKeyId = "", date = "", region = "", service = "", terminator = ""] = parts;
  if (parts.length !== 5 || accessKeyId === "" || !/^\d{8}$/.test(date)) return undefined;
  return { accessKeyId, scope: { date, region, service, terminator } };
}

/** What S3 says of a credential that `parseCredential` could not read. */
export const malformedCredential: CredentialFault = {
  reason: 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
  details: {},
};

/**
 * Undefined when the credential is for this S3 and this moment.
 * @param timestamp of the request: `20130524T000000Z`
 */
export function faultOfCredential(
  credential: Credential,
  region: string,
  timestamp: string,
): CredentialFault | undefined {
  const { scope } = credential;
  const day = timestamp.slice(0, 8);
  if (scope.date !== day) {
    return fault(`Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${day}".`);
  }
  if (scope.region !== region) {
    return { reason: `the region '${scope.region}' is wrong; expecting '${region}'`, details: { Region: region } };
  }
  if (scope.service !== "s3") {
    return fault(`incorrect service "${scope.service}". This endpoint belongs to "s3".`);
  }
  if (scope.terminator !== "aws4_request") {
    return fault(`incorrect terminal "${scope.terminator}". This endpoint uses "aws4_request".`);
  }
  return undefined;
}

function fault(reason: string): CredentialFault {
  return { reason, details: {} };
}
