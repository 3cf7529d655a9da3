/** A bucket in another region, and a name that cannot be resolved. */
import { failLookups } from "../preload/preloads.ts";
import { both, fails, longRow, row, type Scenario, stored } from "../scenario.ts";

export const elsewhereRows: readonly Scenario[] = [
  ...row("the bucket is in another region than the settings say", [], stored, {
    sandbox: { region: "eu-central-1" },
    arrange: ({ env }) => {
      env.AWS_REGION = "us-east-1";
    },
  }),
  ...longRow(
    "S3 sends the creation to the bucket's region",
    [{ kind: "moved", region: "eu-central-1", operation: "CreateMultipartUpload" }],
    stored,
    {
      sandbox: { region: "eu-central-1" },
      arrange: ({ env }) => {
        env.AWS_REGION = "us-east-1";
      },
    },
  ),
  ...longRow(
    "a part is sent to another address for now",
    [{ kind: "moved-for-now", operation: "UploadPart" }],
    stored,
    {
      modes: both,
    },
  ),
  ...row(
    "S3 sends every request to another region",
    [{ kind: "moved", region: "eu-west-1", count: Number.POSITIVE_INFINITY }],
    fails(3, /is in eu-west-1\.[\s\S]*--region eu-west-1/),
  ),
  ...row("the name of S3 resolves only at the third try", [], stored, {
    arrange: failLookups("localhost", 2, "EAI_AGAIN"),
  }),
  ...longRow("the name of S3 is lost while parts are sent", [], stored, {
    arrange: failLookups("localhost", 2, "ENOTFOUND", 1),
  }),
  ...longRow("the endpoint's name resolves only at the third try", [], stored, {
    modes: ["endpoint"],
    arrange: failLookups("localhost", 2, "ENOTFOUND"),
  }),
  ...row("the name of S3 never resolves", [], fails(3, /The name .* could not be resolved/), {
    arrange: ({ env, repair, sandbox }) => {
      env.AWS_ENDPOINT_URL_S3 = "http://s3.invalid:9000";
      repair(() => {
        env.AWS_ENDPOINT_URL_S3 = sandbox.s3;
      });
    },
  }),
];
