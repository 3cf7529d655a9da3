/** URLs, tokens and credentials whose time is over in the middle of an upload, and a clock that is off. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shiftClock } from "../preload/preloads.ts";
import { both, fails, longRow, row, type Scenario, type Stage, stored } from "../scenario.ts";

const always = Number.POSITIVE_INFINITY;
const part = { operation: "UploadPart" } as const;
const minuteMs = 60_000;
const slowly = { kind: "bandwidth", bytesPerSecond: 6 * 1024 ** 2, ...part } as const;

const expiredPart = (number: number) => ({ kind: "expired", ...part, parts: [number] }) as const;

export const expiryRows: readonly Scenario[] = [
  ...row("the URL of a part has expired", [expiredPart(1), expiredPart(3)], stored, { modes: both }),
  ...longRow(
    "the URL of the completion has expired",
    [{ kind: "expired", operation: "CompleteMultipartUpload" }],
    stored,
    {
      modes: both,
    },
  ),
  ...longRow(
    "every URL has expired as soon as it is signed",
    [{ kind: "expired", ...part, count: always }],
    fails(5, /expired/),
    {
      modes: both,
    },
  ),
  ...row("the endpoint's URLs run out while they wait", [slowly], stored, {
    modes: ["endpoint"],
    arrange: (stage) => stage.whileSending(() => stage.setClock(20 * minuteMs)),
  }),
  ...row(
    "the endpoint's token is refused and its command has another",
    [{ kind: "expired-token", operation: "Presign", after: 1 }],
    stored,
    {
      modes: ["endpoint"],
      flags: ["--token-command", "printf a-token-$(date +%N)"],
    },
  ),
  ...row("the credentials expire while parts are sent, and their source has new ones", [], stored, {
    arrange: (stage) => rotateCredentials(stage, { renewed: true }),
  }),
  ...longRow("the credentials expire for good", [], fails(4, /expired/), {
    arrange: (stage) => rotateCredentials(stage, { renewed: false }),
  }),
  ...row("the clock is 20 minutes slow", [], stored, {
    modes: both,
    arrange: (stage) => shiftClock(stage, -20 * minuteMs),
  }),
  ...longRow("the clock is 20 minutes fast", [], stored, {
    modes: both,
    arrange: (stage) => shiftClock(stage, 20 * minuteMs),
  }),
  ...row("the clocks come apart while parts are sent", [slowly], stored, {
    arrange: (stage) => stage.whileSending(() => stage.setClock(20 * minuteMs)),
  }),
  ...row("S3 says of each request that the clock is off", [{ kind: "skewed", count: always }], fails(3, /clock/)),
];

/**
 * A `credential_process` whose first answer S3 accepts only until the first part arrives. What comes then is good, or
 * too old as well.
 */
async function rotateCredentials(stage: Stage, { renewed }: { readonly renewed: boolean }): Promise<void> {
  const { sandbox, directory, env, setClock } = stage;
  const now = Date.now();
  const expiries = { first: new Date(now + 5 * minuteMs), later: new Date(now + (renewed ? 60 : 4) * minuteMs) };
  for (const [name, expiresAt] of Object.entries(expiries)) {
    const { accessKeyId, secretAccessKey, sessionToken } = sandbox.temporaryKeys(expiresAt);
    // what the process says of their life is longer, as when a session is ended before its time
    const answer = {
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(now + 60 * minuteMs).toISOString(),
    };
    await writeFile(join(directory, `${name}.json`), JSON.stringify(answer), { mode: 0o600 });
  }
  const script = join(directory, "credentials.sh");
  await writeFile(
    script,
    `#!/bin/sh\ncd '${directory}'\nif [ -e asked ]; then cat later.json; else : > asked; cat first.json; fi\n`,
  );
  await chmod(script, 0o700);
  await writeFile(join(directory, "config"), `[default]\nregion = us-east-1\ncredential_process = ${script}\n`);
  delete env.AWS_ACCESS_KEY_ID;
  delete env.AWS_SECRET_ACCESS_KEY;
  env.AWS_CONFIG_FILE = join(directory, "config");
  // less than the fifteen minutes that a clock may be off
  stage.whileSending(() => setClock(6 * minuteMs));
  stage.repair(() => setClock(0));
}
