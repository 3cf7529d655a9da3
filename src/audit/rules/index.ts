/** Every rule, in the order in which reports show them: layer by layer. Adding one is a file and a line here. */
import { settingsDrift } from "../drift.ts";
import type { Rule, RuleDescription } from "../rule.ts";
import { suppressionExpired } from "../suppress.ts";
import { accessPoints } from "./access-points.ts";
import { aclsDisabled } from "./acls-disabled.ts";
import { aclsRevived } from "./acls-revived.ts";
import { allowWithNegation } from "./allow-with-negation.ts";
import { bpaComplete } from "./bpa-complete.ts";
import { bpaRemoved } from "./bpa-removed.ts";
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
import { crossAccount } from "./cross-account.ts";
import { encrypted } from "./encrypted.ts";
import { encryptionRemoved } from "./encryption-removed.ts";
import { endpointBucket } from "./endpoint-bucket.ts";
import { functionPublic } from "./function-public.ts";
import { keyPrefix } from "./key-prefix.ts";
import { keySanitised } from "./key-sanitised.ts";
import { kms } from "./kms.ts";
import { lifecycleAbortMpu } from "./lifecycle-abort-mpu.ts";
import { logging } from "./logging.ts";
import { mfaDelete } from "./mfa-delete.ts";
import { noOverwrite } from "./no-overwrite.ts";
import { objectLock } from "./object-lock.ts";
import { policyGrammar } from "./policy-grammar.ts";
import { policyLockout } from "./policy-lockout.ts";
import { policyWidened } from "./policy-widened.ts";
import { presignAgeUnit } from "./presign-age-unit.ts";
import { presignAuthType } from "./presign-auth-type.ts";
import { presignMaxAge } from "./presign-max-age.ts";
import { publicAcl } from "./public-acl.ts";
import { publicList } from "./public-list.ts";
import { publicPolicy } from "./public-policy.ts";
import { publicPolicyMasked } from "./public-policy-masked.ts";
import { publicWebsite } from "./public-website.ts";
import { publicWrite } from "./public-write.ts";
import { roleEscalation } from "./role-escalation.ts";
import { roleScope } from "./role-scope.ts";
import { roleTrust } from "./role-trust.ts";
import { roleWorks } from "./role-works.ts";
import { shortLivedUrls } from "./short-lived-urls.ts";
import { sigv4Only } from "./sigv4-only.ts";
import { ssecBlocked } from "./ssec-blocked.ts";
import { tlsOnly } from "./tls-only.ts";
import { tlsVersion } from "./tls-version.ts";
import { uploadSizeLimit } from "./upload-size-limit.ts";
import { uploadUrlHttps } from "./upload-url-https.ts";
import { urlsBindUpload } from "./urls-bind-upload.ts";
import { urlsOneTime } from "./urls-one-time.ts";
import { versioning } from "./versioning.ts";
import { versioningSuspended } from "./versioning-suspended.ts";

export const rules: readonly Rule[] = [
  // 1: short-lived URLs
  shortLivedUrls,
  presignMaxAge,
  presignAgeUnit,
  sigv4Only,
  presignAuthType,
  // 2: least privilege
  roleScope,
  roleWorks,
  roleEscalation,
  roleTrust,
  functionPublic,
  // 3: private bucket
  publicPolicy,
  publicWrite,
  publicList,
  publicAcl,
  publicPolicyMasked,
  bpaComplete,
  bpaRemoved,
  aclsDisabled,
  aclsRevived,
  crossAccount,
  allowWithNegation,
  accessPoints,
  policyWidened,
  policyLockout,
  publicWebsite,
  // 4: object names
  keyPrefix,
  noOverwrite,
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
  tlsOnly,
  tlsVersion,
  encrypted,
  kms,
  encryptionRemoved,
  ssecBlocked,
  lifecycleAbortMpu,
  versioning,
  versioningSuspended,
  mfaDelete,
  objectLock,
  logging,
  policyGrammar,
  bucketOwned,
  urlsBindUpload,
  uploadSizeLimit,
  checksumInQuery,
  uploadUrlHttps,
  endpointBucket,
];

/** The rules, and what is found without looking at a bucket. */
export const ruleDescriptions: readonly RuleDescription[] = [...rules, settingsDrift, suppressionExpired];
