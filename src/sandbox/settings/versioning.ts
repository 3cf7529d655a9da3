/** The versioning flag. Kept and shown: the sandbox has one version of each object. */
import { s3Error } from "../s3-error.ts";
import { getDocument, putDocument, type SettingHandlers } from "./setting.ts";
import { group, oneOf, optional } from "./shape.ts";
import { element, textOf } from "./xml-tree.ts";

const root = "VersioningConfiguration";

export const versioningHandlers: SettingHandlers = {
  /** A bucket on which it was never set shows neither Enabled nor Suspended. */
  GetBucketVersioning: getDocument("versioning", element(root)),
  PutBucketVersioning: putDocument({
    name: "versioning",
    root,
    shape: group({
      Status: optional(oneOf("Enabled", "Suspended")),
      MfaDelete: optional(oneOf("Enabled", "Disabled")),
    }),
    accept: (document) => {
      if (textOf(document, "MfaDelete") === "Enabled") {
        throw s3Error("NotImplemented", { Header: "x-amz-mfa" }, { message: "The sandbox has no MFA delete." });
      }
      if (textOf(document, "Status") === undefined) {
        const message = "The Versioning element must be specified";
        throw s3Error("IllegalVersioningConfigurationException", {}, { message });
      }
      return document;
    },
  }),
};
