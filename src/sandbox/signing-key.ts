/** The key and the last step of Signature Version 4, the same for requests, chunks and form policies. */
import { createHash, createHmac } from "node:crypto";

/** Date, region, service and terminator of a credential. */
export interface CredentialScope {
  /** `20130524` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

export function scopeText(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/${scope.terminator}`;
}

export function signingKey(secretAccessKey: string, scope: CredentialScope): Uint8Array {
  const steps = [scope.date, scope.region, scope.service, scope.terminator];
  return steps.reduce<Uint8Array>(
    (key, step) => createHmac("sha256", key).update(step).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
}

/** Lower-case hex. */
export function sign(key: Uint8Array, stringToSign: string): string {
  return createHmac("sha256", key).update(stringToSign).digest("hex");
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
