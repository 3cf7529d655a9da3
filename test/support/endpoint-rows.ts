import { aBucket, unread } from "./audit-bucket.ts";
import { closedEndpoint } from "./audit-endpoint.ts";
import { isUnknown, notApplicable, type RuleRow } from "./describe-rule.ts";

/** What every rule says that asks the endpoint alone, where there is nothing that it could look at. */
export const withoutAnswers: readonly RuleRow[] = [
  [
    "does not apply where no endpoint was named",
    aBucket(),
    notApplicable("No presign endpoint was named (--endpoint)."),
  ],
  [
    "is unknown where nobody signed in",
    closedEndpoint,
    isUnknown("api.example.com signs only for callers who sign in: name a --token, a --token-command or --auth iam."),
  ],
  [
    "is unknown where the endpoint could not be asked",
    aBucket({ endpoint: unread("The endpoint api.example.com could not be reached") }),
    isUnknown("The presign endpoint could not be read (The endpoint api.example.com could not be reached)."),
  ],
];
