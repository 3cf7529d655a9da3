import { readUploadToken, type UploadClaims } from "../upload-token.ts";
import type { Call } from "./call.ts";

/** @throws Refusal invalid_token, token_expired, token_subject_mismatch */
export function claimsIn({ settings, subjectHash, now }: Call, uploadToken: string): UploadClaims {
  return readUploadToken(uploadToken, {
    secrets: settings.tokenSecrets,
    bucket: settings.bucket,
    subjectHash,
    now,
  });
}
