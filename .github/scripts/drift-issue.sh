#!/usr/bin/env bash
# Writes a report of drift into the stack's open issue, or into a new one; where LOOKED is "success" there is no drift, and the open issue is closed.
# Needs GH_TOKEN, GH_REPO, STACK and LOOKED.
set -euo pipefail

report=$1
title="drift of $STACK"
open=$(gh issue list --state open --app github-actions --limit 1000 --json number,title |
  jq --raw-output --arg title "$title" '[.[] | select(.title == $title)][0].number // empty')

if [ "$LOOKED" = success ]; then
  [ -z "$open" ] || gh issue close "$open" --comment "Nothing differs any more."
elif [ -n "$open" ]; then
  gh issue edit "$open" --body-file "$report"
else
  gh issue create --title "$title" --body-file "$report"
fi
