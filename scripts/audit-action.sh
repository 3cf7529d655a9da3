#!/usr/bin/env bash
# The audit step of action.yml. Inputs come as INPUT_* variables. It ends with 0 whatever the audit found and leaves the
# audit's own exit code in the output `exit-code`, so that the reports are uploaded before the job fails.
set -euo pipefail

action=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
reports=$(mktemp -d "${RUNNER_TEMP:-/tmp}/s3up-audit.XXXXXX")

# option NAME VALUE: nothing for an empty value. One word, so that no value is taken for an option.
options=()
option() { [ -z "$2" ] || options+=("$1=$2"); }

option --role "$INPUT_ROLE"
option --function "$INPUT_FUNCTION"
option --prefix "$INPUT_PREFIX"
option --max-age "$INPUT_MAX_AGE"
option --fail-on "$INPUT_FAIL_ON"
option --format "$INPUT_FORMAT"
option --config "$INPUT_CONFIG"
option --baseline "$INPUT_BASELINE"
# A list in which spaces and line breaks both part; the end of the text is no error.
read -r -d '' -a origins <<< "$INPUT_ORIGINS" || true
for origin in ${origins[@]+"${origins[@]}"}; do option --origin "$origin"; done
read -r -d '' -a plans <<< "$INPUT_PLAN" || true
for plan in ${plans[@]+"${plans[@]}"}; do option --plan "$plan"; done
option --source "$INPUT_SOURCE"
read -r -d '' -a buckets <<< "$INPUT_BUCKET" || true
[ ${#buckets[@]} -gt 0 ] || [ ${#plans[@]} -gt 0 ] || options+=(--all)
for format in sarif json markdown; do options+=(-o "$format=$reports/audit.$format"); done

version=$INPUT_VERSION
[ -n "$version" ] || version=$(node -p 'require(process.argv[1]).version' "$action/package.json")

# Whoever writes into a bucket's settings must not write workflow commands; only annotations are meant to be some.
token=$(node -p 'crypto.randomUUID()')
[ "$INPUT_FORMAT" = github ] || echo "::stop-commands::$token"
code=0
npx --yes "s3up@$version" audit "${options[@]}" -- ${buckets[@]+"${buckets[@]}"} || code=$?
[ "$INPUT_FORMAT" = github ] || echo "::$token::"

echo "exit-code=$code" >> "$GITHUB_OUTPUT"
if [ -s "$reports/audit.markdown" ]; then cat "$reports/audit.markdown" >> "$GITHUB_STEP_SUMMARY"; fi
if [ -s "$reports/audit.json" ]; then echo "json-file=$reports/audit.json" >> "$GITHUB_OUTPUT"; fi
if [ -s "$reports/audit.sarif" ]; then
  echo "sarif-file=$reports/audit.sarif" >> "$GITHUB_OUTPUT"
  # Code scanning opens an alert for a suppressed result as for any other.
  node - "$reports/audit.sarif" "$reports/alerts.sarif" << 'END'
const { readFileSync, writeFileSync } = require("node:fs");
const [from, to] = process.argv.slice(2);
const log = JSON.parse(readFileSync(from, "utf8"));
for (const run of log.runs) run.results = run.results.filter(({ suppressions = [] }) => suppressions.length === 0);
writeFileSync(to, JSON.stringify(log));
END
  echo "alerts-file=$reports/alerts.sarif" >> "$GITHUB_OUTPUT"
fi
