import { askedFor, hasSigned, hostOf, lifeInWords, signedNothing } from "../endpoint-answers.ts";
import type { EndpointFacts } from "../endpoint-facts.ts";
import { defineRule, type RuleOutcome, type Violation } from "../rule.ts";
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
  needs: ["signer", "endpoint"],

  evaluate({ bucket, signer, endpoint }, { maxAgeSeconds }): RuleOutcome {
    const environment = signer?.function?.environment;
    const lives = urlLives(environment ?? {});
    const signed = (endpoint?.uploads ?? []).map(({ expiresInSeconds = 0 }) => expiresInSeconds);
    const [first, ...others] = [
      ...lives.flatMap((life) => violationBySetting(life, bucket, maxAgeSeconds)),
      ...(endpoint === undefined ? [] : violationsByEndpoint(endpoint, maxAgeSeconds)),
    ];
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };

    const [longest] = lives;
    if (longest === undefined && endpoint !== undefined) {
      if (!hasSigned(endpoint)) return signedNothing(endpoint);
      const message = `The addresses that ${hostOf(endpoint)} signed live ${lifeInWords(Math.max(...signed))} at most.`;
      return { status: "pass", message };
    }
    if (longest === undefined) {
      const why = environment === undefined ? "no function of the signer was read" : "no variable of it says so";
      const message = `How long the URLs for ${bucket} live is not known: ${why}. --endpoint URL asks the endpoint itself.`;
      return { status: "not-applicable", message };
    }
    if (longest.seconds === undefined) {
      const message = `How long the URLs for ${bucket} live cannot be told: ${assignment(longest)}, which is no duration.`;
      return { status: "unknown", message };
    }
    const message = `URLs for ${bucket} live ${lifeInWords(longest.seconds)} at most: ${assignment(longest)}.`;
    return { status: "pass", message };
  },
});

function violationBySetting(life: UrlLife, bucket: string, maxAgeSeconds: number): readonly Violation[] {
  const { seconds, variable } = life;
  if (seconds === undefined || seconds <= maxAgeSeconds) return [];
  const message = `URLs for ${bucket} may live ${lifeInWords(seconds)}: ${assignment(life)}. The limit is ${lifeInWords(maxAgeSeconds)}.`;
  return [{ message, evidence: { variable, seconds } }];
}

function violationsByEndpoint(endpoint: EndpointFacts, maxAgeSeconds: number): readonly Violation[] {
  return endpoint.uploads.flatMap((upload): Violation[] => {
    const { asked, expiresInSeconds: seconds = 0 } = upload;
    if (seconds <= maxAgeSeconds) return [];
    const message = `The address that ${hostOf(endpoint)} signed ${askedFor(upload)} lives ${lifeInWords(seconds)}. The limit is ${lifeInWords(maxAgeSeconds)}.`;
    return [{ message, evidence: { asked, seconds } }];
  });
}

function assignment({ variable, text }: UrlLife): string {
  return text === undefined
    ? `${variable} is not set, and that is its default`
    : `${variable} is ${JSON.stringify(text)}`;
}
