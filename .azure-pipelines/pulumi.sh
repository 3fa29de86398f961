#!/usr/bin/env bash
# Puts one version of the Pulumi CLI on the PATH of the steps that follow.
set -euo pipefail

curl --fail --silent --show-error --location https://get.pulumi.com | sh -s -- --version 3.259.0
echo "##vso[task.prependpath]$HOME/.pulumi/bin"
