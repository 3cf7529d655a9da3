import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/audit/evaluate.ts";
import { facets as everyFacet } from "../../src/audit/facet-access.ts";
import type { Facet } from "../../src/audit/facets.ts";
import { representativesOf } from "../../src/audit/representatives.ts";
import { defineRule, type Rule } from "../../src/audit/rule.ts";
import { rules } from "../../src/audit/rules/index.ts";
import type { BucketSnapshot, Reading } from "../../src/audit/snapshot.ts";
import { parseSnapshots } from "../../src/audit/snapshot-file.ts";
import { aBlock, aBucket, aCorsRule, anIntent, unread } from "../support/audit-bucket.ts";
import { auditCases, snapshotText } from "../support/audit-cases.ts";

const openPolicy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::drop/*" }],
};

/** As small as a rule can be: it fails where the policy is there and the bucket does not restrict it. */
const anyPolicy = defineRule({
  ...described("any-policy"),
  needs: ["policy", "policyStatus", "publicAccessBlock"],
  evaluate({ policy, policyStatus, publicAccessBlock }) {
    if (publicAccessBlock?.RestrictPublicBuckets) return { status: "pass", message: "It is restricted." };
    const isOpen = policyStatus?.IsPublic ?? (policy !== undefined && JSON.stringify(policy).includes('"Allow"'));
    if (!isOpen) return { status: "pass", message: "Nobody is allowed." };
    return {
      status: "fail",
      violations: [{ message: `Someone is allowed by ${JSON.stringify(policy)?.length ?? 0} bytes.` }],
    };
  },
});
const judge = (bucket: BucketSnapshot, rule: Rule = anyPolicy) => evaluate(bucket, [rule], anIntent())[0];

describe("what could not be read", () => {
  test("stays unknown where it could turn the answer, with the action that would show it", () => {
    expect(judge(aBucket({ policy: unread() }))).toMatchObject({
      status: "unknown",
      message: "The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.",
      evidence: [{ missingAction: "s3:GetBucketPolicy" }],
    });
  });

  test("does not matter where the answer is the same anyway", () => {
    const bucket = aBucket({ policy: unread(), publicAccessBlock: aBlock(true) });
    expect(judge(bucket)).toMatchObject({ status: "pass", message: "It is restricted." });
  });

  test("is not named where another unread part decides alone", () => {
    const bucket = aBucket({ policy: unread(), policyStatus: { IsPublic: true }, publicAccessBlock: unread() });
    expect(judge(bucket)?.evidence?.map(({ missingAction }) => missingAction)).toEqual([
      "s3:GetBucketPublicAccessBlock",
    ]);
  });

  test("is known where AWS's own verdict says enough about it", () => {
    expect(judge(aBucket({ policy: unread(), policyStatus: { IsPublic: false } }))?.status).toBe("pass");
    expect(judge(aBucket({ policy: unread(), policyStatus: { IsPublic: true } }))?.status).toBe("fail");
  });

  test("is no reason for doubt where the policy itself was read", () => {
    expect(judge(aBucket({ policy: openPolicy, policyStatus: unread() }))?.status).toBe("fail");
    expect(judge(aBucket({ policyStatus: unread() }))?.status).toBe("pass");
  });

  test("fails in words that hold in every case, not in those of one", () => {
    const result = judge(
      aBucket({ policy: unread(), policyStatus: { IsPublic: true }, publicAccessBlock: aBlock(false) }),
    );
    expect(result?.status).toBe("fail");
  });

  test("leaves other rules alone", () => {
    const results = evaluate(aBucket({ policy: unread(), cors: [aCorsRule()] }), rules, anIntent());
    expect(results.find(({ rule }) => rule === "cors-wildcard-origin")?.status).toBe("pass");
  });
});

describe("a policy that cannot be understood", () => {
  const parsing = defineRule({
    ...described("parsing"),
    needs: ["policy", "publicAccessBlock"],
    evaluate({ policy, publicAccessBlock }) {
      if (publicAccessBlock?.RestrictPublicBuckets === true && policy !== "{")
        return { status: "pass", message: "It is restricted." };
      if (policy === "{")
        return { status: "unknown", message: "The policy of drop cannot be understood: it ends too early." };
      return { status: "pass", message: "Nobody is allowed." };
    },
  });

  test("is unknown in the rule's words", () => {
    const strict = { ...parsing, evaluate: () => ({ status: "unknown", message: "It ends too early." }) as const };
    expect(judge(aBucket({ policy: "{" }), strict)).toMatchObject({ status: "unknown", message: "It ends too early." });
  });

  test("does not matter to a rule that answers the same for every policy", () => {
    const bucket = aBucket({ policy: "{", publicAccessBlock: aBlock(true) });
    expect(judge(bucket, parsing)).toMatchObject({ status: "pass", message: "It is restricted." });
  });
});

describe("results", () => {
  test("come in the order of the rules, and the same each time", () => {
    const bucket = aBucket({ acl: unread(), lifecycle: unread() });
    const results = evaluate(bucket, rules, anIntent());
    expect(results.map(({ rule }) => rule)).toEqual(rules.map(({ id }) => id));
    expect(JSON.stringify(evaluate(bucket, rules, anIntent()))).toBe(JSON.stringify(results));
  });

  test("hold the bucket's own names in the fix", () => {
    const [result] = evaluate(
      aBucket(),
      rules.filter(({ id }) => id === "bpa-complete"),
      anIntent(),
    );
    expect(result?.fix.cli).toContain("--bucket drop ");
    expect(result?.fix.terraform).toContain('bucket                  = "drop"');
  });

  test("keep the names of the rule where the bucket's would be read by a shell", () => {
    const bucket = aBucket({}, { bucket: "drop; rm -rf $HOME" });
    const [result] = evaluate(
      bucket,
      rules.filter(({ id }) => id === "bpa-complete"),
      anIntent(),
    );
    expect(result?.fix.cli).toContain("--bucket BUCKET ");
  });

  test("put the worst first and take its severity and witness", () => {
    const witness = { action: "s3:PutObject", resource: "arn:aws:s3:::drop/a" };
    const two = defineRule({
      ...described("two"),
      needs: [],
      evaluate: () => ({
        status: "fail",
        violations: [
          { message: "A mild one.", severity: "low" },
          { message: "A bad one.", severity: "critical", witness },
        ],
      }),
    });
    expect(judge(aBucket(), two)).toMatchObject({
      severity: "critical",
      message: "A bad one. A mild one.",
      witness,
      evidence: [{ message: "A bad one.", witness }, { message: "A mild one." }],
    });
  });

  test("stay short where a lot was found; the evidence has all of it", () => {
    const messages = ["One.", "Two.", "Three.", "Four.", "Five."];
    const many = defineRule({
      ...described("many"),
      needs: [],
      evaluate: () => ({
        status: "fail",
        violations: [{ message: "Zero." }, ...messages.map((message) => ({ message }))],
      }),
    });
    const result = judge(aBucket(), many);
    expect(result?.message).toBe("Zero. One. Two. And 3 more.");
    expect(result?.evidence).toHaveLength(6);
  });

  test("name the rule that is broken", () => {
    const broken = defineRule({
      ...described("broken"),
      needs: [],
      evaluate: () => {
        throw new TypeError("undefined is not a function");
      },
    });
    expect(() => judge(aBucket(), broken)).toThrow("The rule broken failed on drop.");
  });
});

/**
 * The promise behind every "unknown": whatever a facet holds, hiding it never turns a failure into a pass or a pass into a
 * failure. Buckets are mixed from the labelled cases, which know nothing of the representatives that `evaluate` tries.
 */
describe("hiding", () => {
  const snapshots = auditCases().flatMap((one) => parseSnapshots(snapshotText(one), one.id));
  const surroundings = { arn: "arn:aws:s3:::example-bucket", accountId: "111122223333", intent: anIntent() };
  const readingsOf = (facet: Facet): readonly Reading<unknown>[] => {
    const tried = representativesOf(facet, surroundings).map((value) =>
      value === undefined ? ({ state: "absent" } as const) : ({ state: "present", value } as const),
    );
    const labelled = snapshots.map(({ facets }) => facets[facet]).filter(({ state }) => state === "present");
    // an empty list of CORS rules is in one case, and in no bucket
    return [...tried, ...labelled].filter((one) => one.state !== "present" || JSON.stringify(one.value) !== "[]");
  };
  // AWS's verdict follows from the policy: a bucket where they contradict each other there is not
  const drawn = everyFacet.filter((facet) => facet !== "policyStatus");
  const aReality = fc.record(Object.fromEntries(drawn.map((facet) => [facet, fc.constantFrom(...readingsOf(facet))])));
  const [first = aBucket()] = snapshots;
  const asBucket = (readings: object): BucketSnapshot => ({ ...first, facets: { ...first.facets, ...readings } });

  test("a facet leads to the same answer or to unknown, in every rule", () => {
    const aQuestion = fc.constantFrom(...rules).chain((rule) =>
      fc.record({
        rule: fc.constant(rule),
        hidden: fc.subarray([...rule.needs], { minLength: Math.min(1, rule.needs.length) }),
      }),
    );
    fc.assert(
      fc.property(aReality, aQuestion, (reality, { rule, hidden }) => {
        const seen = { ...reality, ...Object.fromEntries(hidden.map((facet) => [facet, unread()])) };
        const truth = answerOf(asBucket(reality), rule);
        const told = answerOf(asBucket(seen), rule);
        if (told !== "unknown" && truth !== "unknown") expect(told).toBe(truth);
      }),
      { numRuns: 500 },
    );
  });

  function answerOf(bucket: BucketSnapshot, rule: Rule): string | undefined {
    const status = evaluate(bucket, [rule], anIntent({}, bucket))[0]?.status;
    return status === "not-applicable" ? "pass" : status;
  }
});

function described(id: string) {
  return {
    id,
    layer: "extra",
    severity: "high",
    title: "A rule of this test",
    why: "To show how rules are put to a snapshot.",
    fix: { cli: "", terraform: "" },
  } as const;
}
