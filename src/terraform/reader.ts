/** Files of Terraform as an audit wants them: buckets, and where they are written. */
import type { SourcePlace } from "../audit/result.ts";
import { S3upError } from "../errors.ts";
import { readTerraform } from "./read-terraform.ts";
import { refusingDepth } from "./refusal.ts";
import type { SignerWish } from "./signer.ts";
import { type PlannedBuckets, snapshotsOf } from "./snapshots.ts";
import { indexSources, type SourceFiles } from "./source-places.ts";

export interface TerraformFiles {
  /** @throws S3upError CONFIG_INVALID, USAGE */
  read(text: string, path: string, signer: SignerWish): PlannedBuckets;
  /** @throws S3upError FILE_NOT_FOUND */
  locate(directory: string): Promise<(address: string) => SourcePlace | undefined>;
}

export function createTerraformReader(files: SourceFiles): TerraformFiles {
  return {
    read(text, path, signer) {
      // values are put together only when they are looked at, so that here too one may turn out too deep
      const all = refusingDepth(path, () =>
        readTerraform(text, path).map((terraform) => snapshotsOf(terraform, signer)),
      );
      return { snapshots: all.flatMap(({ snapshots }) => snapshots), left: all.flatMap(({ left }) => left) };
    },
    async locate(directory) {
      const index = await indexSources(directory, files);
      if (index.files > 0) return (address) => index.placeOf(address);
      throw new S3upError("FILE_NOT_FOUND", `There is no Terraform configuration in ${directory}.`, {
        why: "No file there ends in .tf or .tf.json.",
        hint: "--source takes the directory of the root module, where terraform plan was run.",
      });
    },
  };
}
