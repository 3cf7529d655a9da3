/** What a file is, by its content: a plan, a state in either form, or something that has to be made into one first. */
import { jsonOf } from "./json-text.ts";
import { isObject, type JsonObject, listOf, memberOf, textOf } from "./json-value.ts";
import { howToShow, refused } from "./refusal.ts";

export type Recognised =
  /** `terraform show -json PLAN`. */
  | { readonly kind: "plan"; readonly document: JsonObject; readonly run?: string }
  /** `terraform show -json` of a state. */
  | { readonly kind: "state"; readonly document: JsonObject }
  /** terraform.tfstate itself, version 4. */
  | { readonly kind: "raw-state"; readonly document: JsonObject };

/**
 * @param path names the file in errors
 * @throws S3upError CONFIG_INVALID that says what the file is and how to get a plan
 */
export function recognise(text: string, path: string): readonly Recognised[] {
  const content = text.replace(/^\uFEFF/, "");
  if (zipBeginnings.some((beginning) => content.startsWith(beginning))) {
    throw refused(
      path,
      "It is a plan as `terraform plan -out` writes it, which only Terraform can read.",
      showHint(path),
    );
  }
  if (content.trim() === "") throw refused(path, "It is empty.");
  const whole = jsonOf(content);
  if (whole === undefined) return fromLines(content, path);
  if (!isObject(whole)) throw refused(path, "It is JSON, but no object.");
  return [documentOf(whole, path)];
}

/** With files in it, and without. */
const zipBeginnings = ["PK\u0003\u0004", "PK\u0005\u0006"];

function documentOf(document: JsonObject, path: string): Recognised {
  if (isEvent(document)) return fromEvents([document], path);
  const isPlan = ["planned_values", "resource_changes", "configuration"].some(
    (name) => isObject(memberOf(document, name)) || Array.isArray(memberOf(document, name)),
  );
  const version = textOf(memberOf(document, "format_version"));
  if (isPlan) return checkedPlan({ kind: "plan", document }, path);
  if (isObject(memberOf(document, "values"))) return { kind: "state", document };
  const number = memberOf(document, "version");
  if (number === 4 && Array.isArray(memberOf(document, "resources"))) return { kind: "raw-state", document };
  if (typeof number === "number" && Object.hasOwn(document, "terraform_version")) {
    throw refused(
      path,
      `It is a state of version ${number}; version 4 is read, which Terraform 0.12 and later write.`,
      "Upgrade it with a current Terraform (terraform apply -refresh-only), or audit the bucket itself.",
    );
  }
  // a state without anything has no values, and a plan of nothing no changes
  if (version !== undefined && Object.hasOwn(document, "terraform_version")) return { kind: "state", document };
  if (version !== undefined && Object.keys(document).length === 1) return { kind: "state", document };
  throw refused(path, whatElse(document));
}

/** `errored`: what comes after the error is missing, and would look as if it were not configured. */
function checkedPlan(plan: Recognised & { readonly kind: "plan" }, path: string): Recognised {
  if (memberOf(plan.document, "errored") !== true) return plan;
  throw refused(
    path,
    "The plan ended with an error, so it does not hold everything.",
    "Repair what terraform plan complains about, and plan again.",
  );
}

function fromLines(content: string, path: string): readonly Recognised[] {
  const lines = content.split("\n").filter((line) => line.trim() !== "");
  const events = lines.map(jsonOf);
  const first = events[0];
  if (!isObject(first)) throw refused(path, whatText(content));
  if (!isEvent(first)) {
    throw refused(path, "It is JSON up to a point, and then it is not: it may have been cut off.");
  }
  const tested = events.filter((event) => isObject(memberOf(event, "test_plan")));
  if (tested.length === 0) return [fromEvents(events, path)];
  return tested.map((event) => planOfTest(event, path));
}

/** `terraform test -json -verbose` tells the plan of each run. */
function planOfTest(event: unknown, path: string): Recognised {
  const document = memberOf(event, "test_plan");
  const run = textOf(memberOf(event, "@testrun"));
  if (!isObject(document)) throw refused(path, "Its test_plan is no plan.");
  return checkedPlan({ kind: "plan", document, ...(run === undefined ? {} : { run }) }, path);
}

function fromEvents(events: readonly unknown[], path: string): never {
  const isTest = events.some((event) => textOf(memberOf(event, "type"))?.startsWith("test_"));
  throw isTest
    ? refused(
        path,
        "It is the log of `terraform test -json` without any plan.",
        `Add -verbose, or write a plan with ${howToShow}.`,
      )
    : refused(path, "It is the log of `terraform plan -json`, which tells what happens and not what a bucket will be.");
}

/** A line of the log that Terraform's -json writes. */
function isEvent(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, "@level") && Object.hasOwn(value, "@message");
}

function whatText(content: string): string {
  if (/^\s*(?:Terraform|OpenTofu) (?:used|will)|^\s*(?:Plan|No changes)[:.]/m.test(content)) {
    return "It is what `terraform plan` prints for people.";
  }
  if (/^\s*(?:resource|module|terraform|provider|variable)\b[^\n]*\{/m.test(content)) {
    return "It is Terraform's language: a file of the configuration, not a plan of it.";
  }
  return "It is no JSON.";
}

function whatElse(document: JsonObject): string {
  if (Object.hasOwn(document, "provider_schemas")) return "It is what `terraform providers schema -json` prints.";
  if (Object.hasOwn(document, "facets") && Object.hasOwn(document, "bucket")) {
    return "It is a snapshot that s3up wrote; --snapshot reads it.";
  }
  if (listOf(memberOf(document, "diagnostics")).length > 0 || Object.hasOwn(document, "valid")) {
    return "It is what `terraform validate -json` prints.";
  }
  return "It is JSON with neither planned_values nor values nor the resources of a state.";
}

function showHint(path: string): string {
  const name = /^[\w./-]+$/.test(path) ? path : "FILE";
  return `terraform show -json ${name === "-" ? "FILE" : name} > plan.json, in the directory of the configuration; then audit plan.json.`;
}
