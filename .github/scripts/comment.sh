#!/usr/bin/env bash
# Writes a report into the pull request's comment that begins with the same marker, or into a new one. Needs GH_TOKEN, GITHUB_REPOSITORY and PULL_REQUEST.
set -euo pipefail

report=$1
marker=$(head -n 1 "$report")
# Without one, any comment would be taken for its own.
[[ "$marker" =~ ^'<!-- aks-fine-tuning report: '.+' -->'$ ]] || { echo "$report does not begin with a report's marker" >&2; exit 1; }
comment=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments?per_page=100" |
  jq --raw-output --slurp --arg marker "$marker" '[.[][] | select(.user.type == "Bot" and (.body | startswith($marker)))][0].id // empty')

if [ -n "$comment" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$comment" --field "body=@$report" --silent
else
  gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --field "body=@$report" --silent
fi
