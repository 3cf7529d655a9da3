/** What goes in and out: CORS, logs, website and notifications of Terraform -> as the APIs of S3, Lambda and API Gateway tell them. */
import { UNKNOWN } from "../audit/outline.ts";
import { blockOf, blocksOf, listIn, objectOf, partOf } from "./outline-parts.ts";
import { nonEmpty } from "./storage-settings.ts";

export function corsRules(values: unknown): unknown {
  return nonEmpty(
    blocksOf(values, "cors_rule").map((rule) => {
      if (rule === UNKNOWN) return UNKNOWN;
      const age = partOf(rule, "max_age_seconds");
      return objectOf({
        ID: partOf(rule, "id"),
        AllowedOrigins: listIn(rule, "allowed_origins") ?? [],
        AllowedMethods: listIn(rule, "allowed_methods") ?? [],
        AllowedHeaders: listIn(rule, "allowed_headers"),
        ExposeHeaders: listIn(rule, "expose_headers"),
        MaxAgeSeconds: age === 0 ? undefined : age,
      });
    }),
  );
}

/** Of a function URL and of an HTTP API, which write it alike. */
export function endpointCors(block: unknown): unknown {
  if (block === undefined || block === UNKNOWN) return block;
  return objectOf({
    AllowOrigins: listIn(block, "allow_origins"),
    AllowMethods: listIn(block, "allow_methods"),
    AllowHeaders: listIn(block, "allow_headers"),
    AllowCredentials: partOf(block, "allow_credentials"),
  });
}

export function loggingOf(values: unknown): unknown {
  return objectOf({ TargetBucket: partOf(values, "target_bucket"), TargetPrefix: partOf(values, "target_prefix") });
}

/** That it is there is what counts. */
export function websiteOf(values: unknown): unknown {
  const index = partOf(blockOf(values, "index_document"), "suffix") ?? partOf(values, "index_document");
  const redirect = blockOf(values, "redirect_all_requests_to");
  if (redirect !== undefined && redirect !== UNKNOWN) return { RedirectAllRequestsTo: {} };
  return { IndexDocument: typeof index === "string" ? { Suffix: index } : {} };
}

export function notificationOf(values: unknown): unknown {
  const targets = (name: string) => nonEmpty(blocksOf(values, name).map(notificationTarget));
  return objectOf({
    TopicConfigurations: targets("topic"),
    QueueConfigurations: targets("queue"),
    LambdaFunctionConfigurations: targets("lambda_function"),
    EventBridgeConfiguration: partOf(values, "eventbridge") === true ? {} : undefined,
  });
}

function notificationTarget(target: unknown): unknown {
  if (target === UNKNOWN) return UNKNOWN;
  const id = partOf(target, "id");
  const filters = (["prefix", "suffix"] as const).flatMap((Name) => {
    const Value = partOf(target, `filter_${Name}`);
    return Value === undefined ? [] : [{ Name, Value }];
  });
  return objectOf({
    Id: id === UNKNOWN ? undefined : id,
    Events: listIn(target, "events") ?? [],
    Filter: filters.length === 0 ? undefined : { Key: { FilterRules: filters } },
  });
}
