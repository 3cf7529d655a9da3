/**
 * Whether someone owns a domain, or anyone can get a name below it. The whole public suffix list has ten thousand entries and
 * changes weekly; these are the endings under which web pages are hosted, and the pattern of most national ones.
 */
const sharedEndings: ReadonlySet<string> = new Set([
  "amazonaws.com",
  "amplifyapp.com",
  "appspot.com",
  "awsapprunner.com",
  "azurestaticapps.net",
  "azurewebsites.net",
  "blob.core.windows.net",
  "blogspot.com",
  "cloudfront.net",
  "codepen.io",
  "elasticbeanstalk.com",
  "firebaseapp.com",
  "fly.dev",
  "github.io",
  "gitlab.io",
  "glitch.me",
  "herokuapp.com",
  "loca.lt",
  "netlify.app",
  "ngrok-free.app",
  "ngrok.app",
  "ngrok.io",
  "onrender.com",
  "pages.dev",
  "railway.app",
  "repl.co",
  "replit.app",
  "run.app",
  "storage.googleapis.com",
  "surge.sh",
  "trycloudflare.com",
  "vercel.app",
  "web.app",
  "webflow.io",
  "workers.dev",
]);
const nationalEnding = /^(ac|co|com|edu|gov|go|gob|gouv|ltd|me|mil|ne|net|nom|or|org|sch)\.[a-z]{2}$/;

/** `example.com` and `app.example.co.uk`, but not `com`, `co.uk`, `github.io` or `s3.eu-west-1.amazonaws.com`. */
export function hasOwner(domain: string): boolean {
  const labels = domain.toLowerCase().split(".");
  if (labels.length < 2 || labels.some((label) => label === "")) return false;
  const name = labels.join(".");
  if (nationalEnding.test(name) || sharedEndings.has(name)) return false;
  // hosting of buckets: between a region and the provider there is nothing that anyone owns
  return !/^(s3(-website)?([.-][a-z0-9-]+)*|[a-z]{2}(-[a-z]+)+-\d)\.amazonaws\.com(\.cn)?$/.test(name);
}
