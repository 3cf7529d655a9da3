import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/audit/evaluate.ts";
import { facets } from "../../src/audit/facet-access.ts";
import type { Facet } from "../../src/audit/facets.ts";
import { representativesOf } from "../../src/audit/representatives.ts";
import { defineRule, type Rule } from "../../src/audit/rule.ts";
import { rules } from "../../src/audit/rules/index.ts";
import type { BucketSnapshot } from "../../src/audit/snapshot.ts";
import { aBlock, aBucket, aCorsRule, anIntent, unread } from "../support/audit-bucket.ts";

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
 * failure. Values are taken from the representatives themselves and mixed.
 */
describe("hiding", () => {
  const surroundings = { arn: "arn:aws:s3:::drop", accountId: "111122223333", intent: anIntent() };
  const aValue = <F extends Facet>(facet: F) => fc.constantFrom(...representativesOf(facet, surroundings));
  const aReality = fc.record(Object.fromEntries(facets.map((facet) => [facet, aValue(facet)])));

  test("a facet leads to the same answer or to unknown, in every rule", () => {
    const aHiding = fc.subarray([...facets], { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(aReality, aHiding, fc.constantFrom(...rules), (drawn, hidden, rule) => {
        // AWS's verdict follows from the policy: other snapshots there are not
        const { policyStatus: _, ...reality } = drawn;
        const seen = { ...reality, ...Object.fromEntries(hidden.map((facet) => [facet, unread()])) };
        const truth = evaluate(aBucket(reality), [rule], anIntent())[0]?.status;
        const told = evaluate(aBucket(seen), [rule], anIntent())[0]?.status;
        const same = (status: unknown) => (status === "not-applicable" ? "pass" : status);
        if (told !== "unknown") expect(same(told)).toBe(same(truth));
      }),
      { numRuns: 300 },
    );
  });
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
