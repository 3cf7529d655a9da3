/** What a browser shows at `/sandbox` of the presign half: what runs here, and what to try. Plain HTML, no script. */

export interface StartPageFacts {
  readonly s3: string;
  readonly presign: string;
  readonly bucket: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Nothing may be loaded, run, framed or sent anywhere; the one style sheet stands in the page and is named by nonce. */
export function startPageHeaders(nonce: string): Readonly<Record<string, string>> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  };
}

export function startPage({ s3, presign, bucket, env }: StartPageFacts, nonce: string): string {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${value}`);
  const commands = [
    `s3up put movie.mp4 --endpoint ${presign}`,
    `s3up put movie.mp4 s3://${bucket}/`,
    `s3up presign s3://${bucket}/movie.mp4 --file movie.mp4 --format curl`,
    `curl ${presign}`,
    `aws s3 ls s3://${bucket} --recursive`,
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>s3up sandbox</title>
<meta name="viewport" content="width=device-width">
<style nonce="${nonce}">
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 3rem auto; padding: 0 1rem; }
pre { background: #f3f3f3; color: #111; padding: 1rem; overflow-x: auto; }
</style>
<h1>s3up sandbox</h1>
<p>A local S3 and a presign endpoint, reachable from this machine only. It runs until it is stopped with Ctrl-C. <a href="./">Upload in this browser</a>.</p>
<dl>
<dt>S3</dt><dd><code>${escapeHtml(s3)}</code></dd>
<dt>Presign endpoint</dt><dd><code>${escapeHtml(presign)}</code></dd>
<dt>Bucket</dt><dd><code>${escapeHtml(bucket)}</code></dd>
</dl>
<h2>For the shell</h2>
<pre>${escapeHtml(exports.join("\n"))}</pre>
<h2>To try</h2>
<pre>${escapeHtml(commands.join("\n"))}</pre>
</html>
`;
}

const references: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => references[character] ?? character);
}
