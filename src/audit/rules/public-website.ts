import { defineRule } from "../rule.ts";

export const publicWebsite = defineRule({
  id: "public-website",
  layer: 3,
  severity: "high",
  title: "The upload bucket is no website",
  why: "A website endpoint serves objects over plain HTTP to everyone who may read them. A page that a stranger uploaded would then run under your name.",
  fix: {
    cli: "aws s3api delete-bucket-website --bucket BUCKET",
    terraform:
      "# Delete the aws_s3_bucket_website_configuration of BUCKET, and serve pages from a bucket of their own.",
  },
  needs: ["website"],

  evaluate({ bucket, website }) {
    if (website === undefined) return { status: "pass", message: `${bucket} is not served as a website.` };
    if (website.RedirectAllRequestsTo !== undefined) {
      const message = `${bucket} has a website endpoint. It only redirects, and an upload bucket needs none.`;
      return { status: "fail", violations: [{ message, evidence: website, severity: "low" }] };
    }
    const message = `${bucket} is served as a website: what is uploaded can be opened as a page, over plain HTTP.`;
    return { status: "fail", violations: [{ message, evidence: website }] };
  },
});
