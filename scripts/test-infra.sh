#!/usr/bin/env bash
# npm run test:infra: Terraform's own tests, a real deployment on moto with its audit, and checkov.
#
# S3UP_TERRAFORM_PROVIDERS  folder with the AWS provider, as `terraform providers mirror` writes it
# S3UP_CACHE                folder for what is installed (default ~/.cache/s3up)
#
# What is not there is skipped and named; further arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
stop() {
  scripts/servers/moto-stop.sh "$work/moto.env"
  rm -rf "$work"
}
trap stop EXIT

skip() { echo "test-infra: SKIPPED $*" >&2; }

if ! command -v terraform > /dev/null; then
  skip "all but checkov: there is no terraform on PATH"
elif [ ! -d "${S3UP_TERRAFORM_PROVIDERS:-}" ]; then
  skip "all but checkov: S3UP_TERRAFORM_PROVIDERS names no folder of providers"
else
  export S3UP_TEST_TERRAFORM_PROVIDERS=$S3UP_TERRAFORM_PROVIDERS
fi

if moto=$(scripts/servers/moto-install.sh) && scripts/servers/moto-start.sh "$moto" "$work/moto.env"; then
  # shellcheck disable=SC1091
  source "$work/moto.env"
else
  skip "the deployments: moto could not be started"
fi

if S3UP_TEST_CHECKOV=$(scripts/checkov-install.sh); then
  export S3UP_TEST_CHECKOV
else
  unset S3UP_TEST_CHECKOV
  skip "checkov: it could not be installed"
fi

node node_modules/vitest/vitest.mjs run test/infra "$@"
