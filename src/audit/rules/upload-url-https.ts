import { endpointNotNamed, failsWith, hostOf } from "../endpoint-answers.ts";
import { defineRule } from "../rule.ts";

export const uploadUrlHttps = defineRule({
  id: "upload-url-https",
  layer: "extra",
  severity: "high",
  title: "The endpoint and the addresses it signs use TLS",
  why: "Whoever is on the way can read a signed address in plain HTTP and use it until it expires, and can change the file that follows.",
  fix: {
    cli: "# Serve the endpoint over https:// only, and let the signing client use S3's https endpoint.",
    terraform:
      "# API Gateway and function URLs are https only; take plain listeners away from load balancers before them.",
  },
  needs: ["endpoint"],

  evaluate({ endpoint }) {
    if (endpoint === undefined) return endpointNotNamed;
    const host = hostOf(endpoint);
    const plainEndpoint = !isSecure(endpoint.url);
    const plainAddress = endpoint.uploads.some(({ secure }) => !secure);
    return failsWith(
      [
        ...(plainEndpoint ? [{ message: `The endpoint ${host} answers over plain HTTP.` }] : []),
        ...(plainAddress ? [{ message: `${host} signs addresses for plain HTTP.` }] : []),
      ],
      `${host} uses TLS.`,
    );
  },
});

/** Within one machine nobody listens. */
function isSecure(url: string): boolean {
  return /^https:|^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/]|$)/i.test(url);
}
