import type { NameAnswer } from "../../../src/audit/endpoint-facts.ts";
import { hostileNames } from "../../../src/audit/hostile-names.ts";
import { keySanitised } from "../../../src/audit/rules/key-sanitised.ts";
import { behindEndpoint } from "../../support/audit-endpoint.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { withoutAnswers } from "../../support/endpoint-rows.ts";

const count = hostileNames.length;
const refused = hostileNames.map(({ id }): NameAnswer => ({ name: id, answer: "refused" }));

/** All names refused but this one. */
function but(name: string, answer: NameAnswer["answer"], key?: string) {
  const changed = { name, answer, ...(key === undefined ? {} : { key }) };
  return behindEndpoint({ names: refused.map((one) => (one.name === name ? changed : one)) });
}

describeRule(keySanitised, [
  [
    "passes when safe keys are signed",
    behindEndpoint(),
    passes(`api.example.com was asked with ${count} hostile names: it refused 0 and signed safe keys for the rest.`),
  ],
  [
    "passes when all are refused",
    behindEndpoint({ names: refused }),
    passes(
      `api.example.com was asked with ${count} hostile names: it refused ${count} and signed safe keys for the rest.`,
    ),
  ],
  [
    "fails when a name leads out of the prefix",
    but("dot-segments", "signed", "uploads/../../s3up-probe.txt"),
    fails('api.example.com takes a name with "../" before it into a key that holds a "." or ".." segment.'),
  ],
  [
    "names all that is wrong with a key",
    but("absolute", "signed", "uploads//etc/\u0007"),
    fails(
      "api.example.com takes a name that is an absolute path into a key that holds an empty segment and holds control characters.",
    ),
  ],
  [
    "is unknown when a name got no clear answer",
    but("nul", "unclear"),
    isUnknown(`api.example.com gave no clear answer to 1 of ${count} hostile names.`),
  ],
  ...withoutAnswers,
]);
