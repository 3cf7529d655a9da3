import { defineRule, type Violation } from "../rule.ts";
import { type UrlLife, urlLives } from "../url-life.ts";

export const shortLivedUrls = defineRule({
  id: "short-lived-urls",
  layer: 1,
  severity: "high",
  title: "Upload URLs are signed for a short time",
  why: "A presigned URL works for whoever has it, until it expires: from a log, a browser's history, a forwarded message. Minutes are enough for an upload; hours are enough for a thief.",
  fix: {
    cli: `aws lambda get-function-configuration --function-name FUNCTION --query Environment > environment.json
# in environment.json: EXPIRES_IN_MAX=MAX_AGE (seconds), or the variable that the finding names
aws lambda update-function-configuration --function-name FUNCTION --environment file://environment.json`,
    terraform: `# in aws_lambda_function
environment {
  variables = {
    EXPIRES_IN_MAX = "MAX_AGE" # seconds; or the variable that the finding names
  }
}`,
  },
  needs: ["signer"],

  evaluate({ bucket, signer }, { maxAgeSeconds }) {
    const environment = signer?.function?.environment;
    const lives = urlLives(environment ?? {});
    const [longest] = lives;
    if (longest === undefined) {
      const why = environment === undefined ? "no function of the signer was read" : "no variable of it says so";
      const message = `How long the URLs for ${bucket} live is not known: ${why}. --endpoint URL asks the endpoint itself.`;
      return { status: "not-applicable", message };
    }
    const [first, ...others] = lives
      .filter(({ seconds }) => seconds !== undefined && seconds > maxAgeSeconds)
      .map((life): Violation => {
        const message = `URLs for ${bucket} may live ${durationText(life.seconds ?? 0)}: ${assignment(life)}. The limit is ${durationText(maxAgeSeconds)}.`;
        return { message, evidence: { variable: life.variable, seconds: life.seconds } };
      });
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    if (longest.seconds === undefined) {
      const message = `How long the URLs for ${bucket} live cannot be told: ${assignment(longest)} is no duration.`;
      return { status: "unknown", message };
    }
    const message = `URLs for ${bucket} live ${durationText(longest.seconds)} at most: ${assignment(longest)}.`;
    return { status: "pass", message };
  },
});

function assignment({ variable, text }: UrlLife): string {
  return text === undefined
    ? `${variable} is not set, and that is its default`
    : `${variable} is ${JSON.stringify(text)}`;
}

/** "15 minutes", "90 seconds" */
function durationText(seconds: number): string {
  const [size, unit] = units.find(([one]) => seconds >= 2 * one && seconds % one === 0) ?? [1, "second"];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

const units: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
];
