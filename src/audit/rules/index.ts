/** Every rule, in the order in which reports show them: layer by layer. Adding one is a file and a line here. */
import type { Rule, RuleDescription } from "../rule.ts";
import { suppressionExpired } from "../suppress.ts";
import { aclsDisabled } from "./acls-disabled.ts";
import { bpaComplete } from "./bpa-complete.ts";
import { bucketOwned } from "./bucket-owned.ts";
import { checksumInQuery } from "./checksum-in-query.ts";
import { corsApi } from "./cors-api.ts";
import { corsEtag } from "./cors-etag.ts";
import { corsHeadersCover } from "./cors-headers-cover.ts";
import { corsInsecureOrigin } from "./cors-insecure-origin.ts";
import { corsMethods } from "./cors-methods.ts";
import { corsPreflight } from "./cors-preflight.ts";
import { corsPresent } from "./cors-present.ts";
import { corsWildcardOrigin } from "./cors-wildcard-origin.ts";
import { encrypted } from "./encrypted.ts";
import { endpointBucket } from "./endpoint-bucket.ts";
import { keySanitised } from "./key-sanitised.ts";
import { kms } from "./kms.ts";
import { lifecycleAbortMpu } from "./lifecycle-abort-mpu.ts";
import { logging } from "./logging.ts";
import { mfaDelete } from "./mfa-delete.ts";
import { objectLock } from "./object-lock.ts";
import { publicAcl } from "./public-acl.ts";
import { publicWebsite } from "./public-website.ts";
import { ssecBlocked } from "./ssec-blocked.ts";
import { uploadSizeLimit } from "./upload-size-limit.ts";
import { uploadUrlHttps } from "./upload-url-https.ts";
import { urlsBindUpload } from "./urls-bind-upload.ts";
import { urlsOneTime } from "./urls-one-time.ts";
import { versioning } from "./versioning.ts";

export const rules: readonly Rule[] = [
  // 1: short-lived URLs
  // 2: least privilege
  // 3: private bucket
  publicAcl,
  bpaComplete,
  aclsDisabled,
  publicWebsite,
  // 4: object names
  keySanitised,
  urlsOneTime,
  // 5: CORS
  corsWildcardOrigin,
  corsInsecureOrigin,
  corsMethods,
  corsEtag,
  corsHeadersCover,
  corsPresent,
  corsApi,
  corsPreflight,
  // what an engineer adds
  encrypted,
  kms,
  ssecBlocked,
  lifecycleAbortMpu,
  versioning,
  mfaDelete,
  objectLock,
  logging,
  bucketOwned,
  urlsBindUpload,
  uploadSizeLimit,
  checksumInQuery,
  uploadUrlHttps,
  endpointBucket,
];

/** The rules, and what is found without looking at a bucket. */
export const ruleDescriptions: readonly RuleDescription[] = [...rules, suppressionExpired];
