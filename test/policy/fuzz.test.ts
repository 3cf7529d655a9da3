/** What must hold for every policy, also for those that nobody would write. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foreignAccess } from "../../src/policy/cross-account.ts";
import { present } from "../../src/policy/decision.ts";
import { type Policy, type PolicyKind, parsePolicy, readPolicy } from "../../src/policy/document.ts";
import { excessOf, uploadGrants } from "../../src/policy/excess.ts";
import { exposure } from "../../src/policy/exposure.ts";
import { guardrail } from "../../src/policy/guardrail.ts";
import { nodeFromValue } from "../../src/policy/json-node.ts";
import { readJsonText } from "../../src/policy/json-text.ts";
import { lintPolicy } from "../../src/policy/lint.ts";
import { lockoutOf } from "../../src/policy/lockout.ts";
import { PolicyError } from "../../src/policy/policy-error.ts";
import { isPublic } from "../../src/policy/public.ts";
import { trustTooWide } from "../../src/policy/trust.ts";
import {
  allowAll,
  bothArns,
  documentOf,
  drop,
  owner,
  type StatementJson,
  signerArn,
  stranger,
  variable,
} from "../support/policy-documents.ts";

const some = { numRuns: 100 };
const many = { numRuns: 400 };
const kinds: readonly PolicyKind[] = ["resource", "identity", "trust"];

const actions = fc.constantFrom(
  "s3:GetObject",
  "s3:PutObject",
  "s3:*",
  "*",
  "s3:Get*",
  "s3:*Object",
  "s3:P?tObject*",
  "S3:LISTBUCKET",
  "s3:DeleteObject",
  "s3:PutBucketPolicy",
);
const resources = fc.constantFrom(
  "*",
  drop.arn,
  `${drop.arn}/*`,
  `${drop.arn}/uploads/*`,
  `${drop.arn}/?`,
  `${drop.arn}*`,
  "arn:aws:s3:::*/x*",
  "arn:aws:s3:::other/*",
  `${drop.arn}/${variable("aws:username")}/*`,
);
const principals = fc.constantFrom<unknown>(
  "*",
  { AWS: "*" },
  { AWS: owner },
  { AWS: [signerArn, stranger] },
  { AWS: signerArn },
  { Service: "cloudtrail.amazonaws.com" },
  { Federated: "accounts.google.com" },
  { AWS: "arn:aws:iam::*:root" },
  { CanonicalUser: "79a5" },
);
const conditions = fc.constantFrom<StatementJson>(
  {},
  { Bool: { "aws:SecureTransport": "false" } },
  { Bool: { "aws:SecureTransport": "true" } },
  { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } },
  { StringNotEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } },
  { StringLike: { "aws:SourceVpce": ["vpce-1", "vpce-*"] } },
  { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "10.0.0.0/8"] } },
  { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
  { NumericGreaterThan: { "s3:signatureAge": ["600000", "60000"] } },
  { StringNotLike: { "aws:Referer": "https://a.example/*" } },
  { Null: { "aws:SourceVpce": "true" } },
  { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-*" } },
  { StringEqualsIfExists: { "s3:prefix": variable("aws:username") } },
);

/** One pattern or several; as AWS takes them. */
function listOf<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> {
  return fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));
}

const statement: fc.Arbitrary<StatementJson> = fc
  .record({
    Effect: fc.constantFrom("Allow", "Deny"),
    principal: fc.tuple(fc.constantFrom("Principal", "Principal", "NotPrincipal"), principals),
    action: fc.tuple(fc.constantFrom("Action", "Action", "NotAction"), listOf(actions)),
    resource: fc.tuple(fc.constantFrom("Resource", "Resource", "NotResource"), listOf(resources)),
    Condition: conditions,
  })
  .map(({ principal, action, resource, ...rest }) => ({
    ...rest,
    ...Object.fromEntries([principal, action, resource]),
  }));

const statements = fc.array(statement, { minLength: 1, maxLength: 5 });
const everyoneDenied: StatementJson = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: bothArns };

function policyFrom(list: readonly StatementJson[]): Policy {
  return parsePolicy(documentOf(...list), "resource");
}

function strangersOf(list: readonly StatementJson[]) {
  return exposure({ bucket: drop, policy: present(policyFrom(list)) }).strangers;
}

function ownPolicy(list: readonly StatementJson[]): Policy {
  return parsePolicy(documentOf(...list.map(({ Principal: _, NotPrincipal: __, ...rest }) => rest)), "identity");
}

function excess(list: readonly StatementJson[]) {
  const caller = { arn: signerArn, identity: [{ name: "own", document: present(ownPolicy(list)) }] };
  return excessOf({ caller, bucket: drop }, uploadGrants(drop, "uploads/"));
}

/** Every question there is; each must come back. */
function askEverything(policy: Policy): void {
  isPublic(policy);
  exposure({ bucket: drop, policy: present(policy) });
  guardrail(policy, drop, { kind: "insecureTransport" });
  guardrail(policy, drop, { kind: "signatureAge", maxMs: 1000 });
  guardrail(policy, drop, { kind: "overwrite" });
  lockoutOf(policy, drop, owner);
  foreignAccess({ bucket: drop, policy: present(policy), account: owner });
  lintPolicy(policy, drop);
  trustTooWide(policy, { services: [] });
  const identity = [{ name: "own", document: present(policy) }];
  excessOf({ caller: { arn: signerArn, identity }, bucket: drop, bucketPolicy: present(policy) }, []);
}

describe("whatever is given", () => {
  const refusedOrRead = (input: unknown): void => {
    for (const kind of kinds) {
      try {
        askEverything(parsePolicy(input, kind));
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyError);
      }
    }
  };

  test("any value is read or refused", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withNullPrototype: true,
          withBigInt: true,
          withSparseArray: true,
          withMap: true,
          withDate: true,
        }),
        refusedOrRead,
      ),
      many,
    );
  });

  test("any text is read or refused", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), refusedOrRead), many);
  });

  test("a policy with any value in any place is read or refused", () => {
    const place = fc.constantFrom(
      "Effect",
      "Action",
      "NotAction",
      "Resource",
      "Principal",
      "NotPrincipal",
      "Condition",
      "Sid",
      "Extra",
    );
    fc.assert(
      fc.property(place, fc.jsonValue(), (name, value) => refusedOrRead(documentOf(allowAll({ [name]: value })))),
      many,
    );
  });

  test("any operator, key and value is read or refused", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "StringLike",
        "Bool",
        "Null",
        "IpAddress",
        "aws:SourceIp",
        "aws:SourceVpce",
        "true",
        "*",
        "${",
        variable("a"),
        "::/0",
      ),
    );
    fc.assert(
      fc.property(word, word, fc.oneof(word, fc.array(word)), (operator, key, value) =>
        refusedOrRead(documentOf(allowAll({ Condition: { [operator]: { [key]: value } } }))),
      ),
      many,
    );
  });

  test("a text with a piece cut out, doubled or changed is read or refused", () => {
    const text = fc.tuple(statements, fc.nat(), fc.nat(20), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(text, ([list, start, length, between]) => {
        const whole = JSON.stringify(documentOf(...list));
        const from = start % whole.length;
        refusedOrRead(whole.slice(0, from) + between + whole.slice(from + length));
      }),
      some,
    );
  });

  test("what cannot be read is never called private", () => {
    const input = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.jsonValue().map((value) => documentOf(allowAll({ Principal: value }))),
    );
    fc.assert(
      fc.property(input, (value) => {
        const policy = readPolicy(value, "resource");
        fc.pre(policy.state === "unreadable");
        const { public: verdict, open, strangers } = exposure({ bucket: drop, policy });
        expect([verdict.answer, open.answer, strangers.answer]).toEqual(["unknown", "unknown", "unknown"]);
        expect(foreignAccess({ bucket: drop, policy, account: owner }).answer).toBe("unknown");
      }),
      some,
    );
  });

  test("JSON is read as JSON.parse reads it", () => {
    const strip = (node: unknown): unknown =>
      JSON.parse(JSON.stringify(node, (key, value) => (key === "offset" ? undefined : value)));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(strip(readJsonText(JSON.stringify(value, null, 1)))).toEqual(
          strip(nodeFromValue(JSON.parse(JSON.stringify(value)))),
        );
      }),
      some,
    );
  });
});

describe("meaning does not depend on writing", () => {
  test("order of statements and values changes no verdict", () => {
    const turned = (value: unknown): unknown => (Array.isArray(value) ? value.toReversed() : value);
    fc.assert(
      fc.property(statements, (list) => {
        const other = list.toReversed().map((one) =>
          Object.fromEntries(
            Object.entries(one)
              .reverse()
              .map(([name, value]) => [name, turned(value)]),
          ),
        );
        expect(isPublic(policyFrom(other)).isPublic).toBe(isPublic(policyFrom(list)).isPublic);
        const [one, two] = [strangersOf(list), strangersOf(other)];
        expect([two.answer, two.witnesses.map(({ action }) => action)]).toEqual([
          one.answer,
          one.witnesses.map(({ action }) => action),
        ]);
        expect(excess(other).answer).toBe(excess(list).answer);
        const guard = { kind: "insecureTransport" } as const;
        expect(guardrail(policyFrom(other), drop, guard).present).toBe(
          guardrail(policyFrom(list), drop, guard).present,
        );
      }),
      some,
    );
  });

  test("text and value mean the same", () => {
    fc.assert(
      fc.property(statements, (list) => {
        expect(parsePolicy(JSON.stringify(documentOf(...list)), "resource")).toEqual(policyFrom(list));
      }),
      some,
    );
  });
});

describe("more of a thing never means less of it", () => {
  test("another Allow never makes a policy less public", () => {
    fc.assert(
      fc.property(statements, statement, (list, more) => {
        fc.pre(more.Effect === "Allow");
        if (isPublic(policyFrom(list)).isPublic) expect(isPublic(policyFrom([...list, more])).isPublic).toBe(true);
        if (strangersOf(list).answer === "yes") expect(strangersOf([...list, more]).answer).toBe("yes");
        if (excess(list).answer === "yes") expect(excess([...list, more]).answer).toBe("yes");
      }),
      some,
    );
  });

  test("another Deny never adds exposure, and never removes a guard", () => {
    fc.assert(
      fc.property(statements, statement, (list, more) => {
        fc.pre(more.Effect === "Deny" && JSON.stringify(more.Condition) === "{}");
        expect(isPublic(policyFrom([...list, more])).isPublic).toBe(isPublic(policyFrom(list)).isPublic);
        if (strangersOf(list).answer === "no") expect(strangersOf([...list, more]).answer).toBe("no");
        if (excess(list).answer === "no") expect(excess([...list, more]).answer).toBe("no");
        const guard = { kind: "insecureTransport" } as const;
        if (guardrail(policyFrom(list), drop, guard).present)
          expect(guardrail(policyFrom([...list, more]), drop, guard).present).toBe(true);
      }),
      some,
    );
  });

  test("denying everything to everyone leaves nothing to strangers, and is every guard", () => {
    fc.assert(
      fc.property(statements, (list) => {
        expect(strangersOf([...list, everyoneDenied]).answer).toBe("no");
        for (const kind of ["insecureTransport", "oldSignature", "unencrypted", "overwrite"] as const) {
          expect(guardrail(policyFrom([...list, everyoneDenied]), drop, { kind }).present).toBe(true);
        }
      }),
      some,
    );
  });
});

describe("witnesses", () => {
  /** One request without any conditions, by definition: a statement that is meant, and no Deny. */
  function patternsMatch(patterns: unknown, value: string): boolean {
    return [patterns].flat().some((one) => {
      const text = String(one).replaceAll(variable("aws:username"), "*");
      return new RegExp(
        `^${text
          .replace(/[.+^${}()|[\]\\]/g, "\\$&")
          .replaceAll("*", "[^]*")
          .replaceAll("?", "[^]")}$`,
      ).test(value);
    });
  }
  function speaksOf(one: StatementJson, action: string, arn: string): boolean {
    const lower = (value: unknown): string[] => [value].flat().map((item) => String(item).toLowerCase());
    const named =
      one.Action === undefined
        ? !patternsMatch(lower(one.NotAction), action.toLowerCase())
        : patternsMatch(lower(one.Action), action.toLowerCase());
    const meant = one.Resource === undefined ? !patternsMatch(one.NotResource, arn) : patternsMatch(one.Resource, arn);
    return named && meant;
  }
  /** What a variable excludes depends on the caller, so it may as well be nothing. */
  function maySpeakOf({ NotResource, ...one }: StatementJson, action: string, arn: string): boolean {
    if (NotResource === undefined) return speaksOf(one, action, arn);
    const certain = [NotResource].flat().filter((pattern) => !String(pattern).includes("username"));
    return speaksOf({ ...one, NotResource: certain }, action, arn);
  }

  test("of strangers: some Allow speaks of it, and no plain Deny for everyone does", () => {
    fc.assert(
      fc.property(statements, (list) => {
        for (const { action, resource } of strangersOf(list).witnesses) {
          expect(list.some((one) => one.Effect === "Allow" && maySpeakOf(one, action, resource))).toBe(true);
          const plain = list.filter(
            (one) => one.Effect === "Deny" && one.Principal === "*" && JSON.stringify(one.Condition) === "{}",
          );
          expect(
            plain.filter((one) => speaksOf(one, action, resource) && !JSON.stringify(one).includes("username")),
          ).toEqual([]);
        }
      }),
      some,
    );
  });

  test("of excess: some Allow speaks of it, and it is not wanted", () => {
    fc.assert(
      fc.property(statements, (list) => {
        const wanted = uploadGrants(drop, "uploads/");
        for (const { action, resource } of excess(list).excess) {
          const arn = resource === "*" ? "arn:aws:s3:::*" : resource;
          expect(list.some((one) => one.Effect === "Allow" && maySpeakOf(one, action, arn))).toBe(true);
          expect(wanted.some((one) => one.action === action && patternsMatch(one.resource, arn))).toBe(false);
        }
      }),
      some,
    );
  });

  test("a plain anonymous request that is allowed by definition is found", () => {
    const requests = [
      ["s3:GetObject", `${drop.arn}/a`],
      ["s3:PutObject", `${drop.arn}/uploads/a`],
      ["s3:DeleteObject", `${drop.arn}/x`],
      ["s3:ListBucket", drop.arn],
    ] as const;
    fc.assert(
      fc.property(statements, (list) => {
        const plain = list.filter(
          (one) =>
            JSON.stringify(one.Condition) === "{}" &&
            one.Principal === "*" &&
            !JSON.stringify(one).includes("username"),
        );
        const denies = list.filter((one) => one.Effect === "Deny");
        const allowed = requests.filter(
          ([action, arn]) =>
            plain.some((one) => one.Effect === "Allow" && speaksOf(one, action, arn)) &&
            !denies.some((one) => speaksOf(one, action, arn)),
        );
        const found = strangersOf(list).witnesses.map(({ action }) => action);
        expect(allowed.filter(([action]) => !found.includes(action))).toEqual([]);
      }),
      some,
    );
  });
});
