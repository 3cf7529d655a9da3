import { askedFor, endpointNotNamed, failsWith, hasSigned, hostOf, signedNothing } from "../endpoint-answers.ts";
import type { SignedUpload } from "../endpoint-facts.ts";
import { defineRule, type Violation } from "../rule.ts";

export const urlsBindUpload = defineRule({
  id: "urls-bind-upload",
  layer: "extra",
  severity: "medium",
  title: "A signed address is good for one file, not for any",
  why: "S3 checks only what is signed. Where type and length are not, whoever holds the address stores a web page or five gigabytes under your name.",
  fix: {
    cli: `# in the function that signs: sign type, length and checksum as headers
new PutObjectCommand({ Bucket, Key, ContentType, ContentLength, ChecksumSHA256 })
getSignedUrl(client, command, { expiresIn, signableHeaders: new Set(["content-type", "content-length"]), unhoistableHeaders: new Set(["x-amz-checksum-sha256"]) })
# s3up's own backend does it; REQUIRE_SIZE=true makes it refuse requests that tell no size`,
    terraform: `# in the environment of s3up's own backend (aws_lambda_function):
REQUIRE_SIZE = "true"`,
  },
  needs: ["endpoint"],

  evaluate({ endpoint }) {
    if (endpoint === undefined) return endpointNotNamed;
    if (!hasSigned(endpoint)) return signedNothing(endpoint);
    const host = hostOf(endpoint);
    const violations = endpoint.uploads.flatMap((upload) => violationsOf(upload, host));
    return failsWith(violations, `${host} signs type, length and checksum of every upload.`);
  },
});

function violationsOf(upload: SignedUpload, host: string): readonly Violation[] {
  // the plain request has told the same already
  if (upload.asked === "long-life") return [];
  const evidence = { signedHeaders: upload.signedHeaders };
  return looseEnds(upload).map(({ what, severity }) => ({
    message: `At ${host}, the address ${askedFor(upload)} ${what}.`,
    evidence,
    ...(severity === undefined ? {} : { severity }),
  }));
}

interface LooseEnd {
  readonly what: string;
  readonly severity?: "low";
}

function looseEnds(upload: SignedUpload): readonly LooseEnd[] {
  if (upload.form !== undefined) return looseEndsOfForm(upload.form);
  if (upload.signatureVersion === undefined) return [{ what: "carries no signature" }];
  if (upload.signatureVersion === 2) return [{ what: "is signed with Signature Version 2, which binds no length" }];
  const binds = (name: string) => upload.signedHeaders.includes(name);
  return [
    ...(binds("content-type") ? [] : [{ what: "leaves the content type to the sender" }]),
    ...(binds("content-length") ? [] : [{ what: "leaves the size to the sender, up to 5 GiB" }]),
    ...(upload.asked === "article" || upload.signedHeaders.some((name) => name.startsWith("x-amz-checksum-"))
      ? []
      : [{ what: "does not bind the checksum that was told", severity: "low" as const }]),
  ];
}

function looseEndsOfForm({ openKey, maxSize }: NonNullable<SignedUpload["form"]>): readonly LooseEnd[] {
  return [
    ...(openKey ? [{ what: "leaves the key to the sender" }] : []),
    ...(maxSize === undefined ? [{ what: "has no content-length-range: it takes up to 5 GiB" }] : []),
  ];
}
