import { algorithmOf } from "../default-encryption.ts";
import { noPlan } from "../no-plan.ts";
import { defineRule } from "../rule.ts";
import { kms } from "./kms.ts";

export const encryptionRemoved = defineRule({
  id: "encryption-removed",
  layer: "extra",
  severity: "medium",
  title: "No plan takes the KMS key away",
  why: "With a KMS key, reading an object takes the key's permission too, and each use is logged. Without it new objects can be read by whoever may read the bucket.",
  fix: kms.fix,
  needs: ["change", "encryption"],

  evaluate({ bucket, change, encryption }) {
    if (change === undefined) return noPlan(bucket);
    const [then, now] = [algorithmOf(change.before.encryption), algorithmOf(encryption)];
    if (!then.startsWith("aws:kms") || now.startsWith("aws:kms")) {
      return { status: "pass", message: `The plan takes no KMS key away from ${bucket}.` };
    }
    const message = `The plan takes the KMS key away from ${bucket}: new objects are encrypted with ${now} instead of ${then}.`;
    return { status: "fail", violations: [{ message, evidence: { before: then, after: now } }] };
  },
});
