/** Every rule, in the order in which reports show them: layer by layer. Adding one is a file and a line here. */
import type { Rule, RuleDescription } from "../rule.ts";
import { suppressionExpired } from "../suppress.ts";
import { aclsDisabled } from "./acls-disabled.ts";
import { bpaComplete } from "./bpa-complete.ts";
import { publicAcl } from "./public-acl.ts";
import { publicWebsite } from "./public-website.ts";

export const rules: readonly Rule[] = [
  // 1: short-lived URLs
  // 2: least privilege
  // 3: private bucket
  publicAcl,
  bpaComplete,
  aclsDisabled,
  publicWebsite,
  // 4: object names
  // 5: CORS
  // what an engineer adds
];

/** The rules, and what is found without looking at a bucket. */
export const ruleDescriptions: readonly RuleDescription[] = [...rules, suppressionExpired];
