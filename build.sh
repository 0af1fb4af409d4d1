#!/usr/bin/env bash
# Runs a command of "go run ."; without arguments, the command build, which makes web/dist.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v go >/dev/null; then
  echo "build.sh: this needs Go 1.26 or newer: https://go.dev/dl" >&2
  exit 1
fi
exec go run . "${@:-build}"
