/** The result of `s3up explain` as a person reads it. */
import type { Explanation, FormExplanation, UrlExplanation } from "../signing/explain.ts";
import type { RefusedRequest } from "../signing/refused-request.ts";

type Row = readonly [name: string, value: string];

/** Parts of an upload differ only in their number, so one stands for all. */
export function explanationText(explanations: readonly Explanation[]): string {
  const isFurtherPart = (entry: Explanation) => /(^|\.)parts\[(?!0\])\d+\]$/.test(entry.place);
  const further = explanations.filter(isFurtherPart).length;
  const blocks = explanations.filter((entry) => !isFurtherPart(entry)).map(blockOf);
  const note = further === 0 ? "" : `\nparts[1] to parts[${further}] are like parts[0].\n`;
  return `${blocks.join("\n")}${note}`;
}

export function refusalText(refusal: RefusedRequest): string {
  const said = [refusal.code, refusal.message].filter(Boolean).join(": ");
  const findings = refusal.findings.length === 0 ? ["Nothing in it tells which header differs."] : refusal.findings;
  return `\nS3 answered ${visible(said === "" ? "without an error code" : said)}\n${findings
    .map((finding) => `  - ${visible(finding)}\n`)
    .join("")}`;
}

function blockOf(explanation: Explanation): string {
  const { place, target, defects } = explanation;
  const title = `${place === "" ? "" : `${place}: `}${explanation.kind === "form" ? "POST form" : (explanation.method ?? "URL")} ${target}`;
  const rows = explanation.kind === "url" ? urlRows(explanation) : formRows(explanation);
  const lines = rows.map(([name, value]) => `  ${name.padEnd(10)} ${visible(value)}\n`);
  const problems = defects.map(({ message, fix }) => `  - ${visible(message)}\n    ${visible(fix)}\n`);
  const verdict = problems.length === 0 ? "  nothing wrong with it\n" : `  wrong with it:\n${problems.join("")}`;
  return `${visible(title)}\n${lines.join("")}${verdict}`;
}

function urlRows(url: UrlExplanation): readonly Row[] {
  return [
    ...addressRows(url),
    ["method", methodText(url)],
    ["signature", signatureText(url)],
    ...expiryRows(url),
    ...mustSendRows(url),
  ];
}

function formRows(form: FormExplanation): readonly Row[] {
  const sizes = form.sizes === undefined ? "any" : `${form.sizes.least} to ${form.sizes.most} bytes`;
  return [
    ...addressRows(form),
    ["key rule", form.keyRule ?? "none"],
    ["size", sizes],
    ...expiryRows(form),
    ["fields", form.fields.join(", ")],
  ];
}

function addressRows({ bucket, key }: Explanation): readonly Row[] {
  return [
    ["bucket", bucket ?? "not to be told from the host"],
    ["key", key ?? "none"],
  ];
}

function methodText({ method, methodSource }: UrlExplanation): string {
  if (method === undefined) return "the URL does not tell; --method says it";
  return methodSource === "guessed" ? `${method}, by the signs in the URL` : method;
}

function signatureText({ signatureVersion, region, accessKeyId, temporaryCredentials }: UrlExplanation): string {
  if (signatureVersion === undefined) return "none";
  if (signatureVersion === 2) return "Version 2";
  return `Version 4 for ${region}, by ${accessKeyId}${temporaryCredentials ? " with session credentials" : ""}`;
}

function expiryRows(entry: Explanation): readonly Row[] {
  const { expiresAt, leftSeconds } = entry;
  if (expiresAt === undefined || leftSeconds === undefined) return [["expires", "cannot be told"]];
  const left = leftSeconds > 0 ? `in ${spanText(leftSeconds)}` : `${spanText(-leftSeconds)} ago`;
  const life =
    entry.kind === "url" && entry.expiresInSeconds !== undefined ? `, life ${spanText(entry.expiresInSeconds)}` : "";
  return [["expires", `${expiresAt.toISOString().replace(".000Z", "Z")}, ${left}${life}`]];
}

function mustSendRows({ mustSend, signatureVersion }: UrlExplanation): readonly Row[] {
  if (signatureVersion !== 4) return [];
  if (mustSend.length === 0) return [["must send", "no header in particular"]];
  return mustSend.map(({ name, value }, index) => [
    index === 0 ? "must send" : "",
    value === undefined ? `${name}: as it was signed` : `${name}: ${value}`,
  ]);
}

/** 45s, 5m, 1h 30m, 6d 23h: the two largest units. */
function spanText(seconds: number): string {
  const spans = [
    [86_400, "d"],
    [3600, "h"],
    [60, "m"],
    [1, "s"],
  ] as const;
  let rest = Math.max(0, Math.round(seconds));
  const words = spans.flatMap(([length, unit]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return words.length === 0 ? "0s" : words.slice(0, 2).join(" ");
}

/** Text out of a URL may hold what moves a terminal's cursor. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, (sign) => encodeURIComponent(sign));
}
