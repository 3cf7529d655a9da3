import { names, reachOf, touchedPart } from "./access.ts";
import { Budget, withinBudget } from "./budget.ts";
import type { Policy } from "./document.ts";
import { truthOf } from "./evaluate.ts";
import { witness } from "./glob-search.ts";
import { isForEveryone } from "./guardrail.ts";
import { presignedUpload, type UploadRequest } from "./request-facts.ts";
import { s3Action } from "./s3-service.ts";
import { type BucketArn, objectsUnder } from "./s3-targets.ts";

/** A Deny that refuses the presigned uploads themselves. */
export interface UploadRefusal {
  readonly index: number;
  readonly sid?: string;
  /** The key of an upload that is refused. */
  readonly resource: string;
  /** The conditions that make it apply, such as `s3:authType`; none when it always does. */
  readonly keys: readonly string[];
  /** Whether it is the kind of signature that is refused: a guard against presigned URLs that forgets the uploads. */
  readonly byAuthType: boolean;
}

/** The statements for everyone that refuse a presigned upload as s3up makes it. Undefined when that is too complex to tell. */
export function refusedUploads(
  policy: Policy,
  bucket: BucketArn,
  request: UploadRequest,
  prefix: string,
  budget = new Budget(),
): readonly UploadRefusal[] | undefined {
  return withinBudget(
    budget,
    (limit) => refusals(policy, bucket, request, prefix, limit),
    () => undefined,
  );
}

function refusals(
  policy: Policy,
  bucket: BucketArn,
  request: UploadRequest,
  prefix: string,
  budget: Budget,
): UploadRefusal[] {
  const facts = presignedUpload(request);
  const upload = s3Action("s3:PutObject") ?? { name: "s3:PutObject" };
  const { region } = objectsUnder(bucket, prefix);
  return policy.statements
    .filter((statement) => statement.effect === "Deny" && isForEveryone(statement))
    .filter((statement) => truthOf(statement, facts, budget) === "always")
    .flatMap((statement): UploadRefusal[] => {
      const reach = reachOf(statement, "narrowest", budget);
      if (!names(reach, upload, budget)) return [];
      const resource = witness(touchedPart(reach, region), budget);
      if (resource === undefined) return [];
      const keys = statement.conditions.map(({ key }) => key);
      const byAuthType = statement.conditions.some(({ keyName }) => keyName === "s3:authtype");
      return [
        {
          index: statement.index,
          ...(statement.sid === undefined ? {} : { sid: statement.sid }),
          resource,
          keys,
          byAuthType,
        },
      ];
    });
}
