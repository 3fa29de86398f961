#!/usr/bin/env bash
# Writes a report into the pull request's thread that begins with the same marker, or into a new one. Needs SYSTEM_ACCESSTOKEN and the agent's variables.
set -euo pipefail

report=$1
marker=$(head -n 1 "$report")
threads="${SYSTEM_COLLECTIONURI}${SYSTEM_TEAMPROJECTID}/_apis/git/repositories/${BUILD_REPOSITORY_ID}/pullRequests/${SYSTEM_PULLREQUEST_PULLREQUESTID}/threads"

# The token goes through standard input: arguments are seen by every process of the machine.
call() { curl --fail --silent --show-error --config - --header "Content-Type: application/json" "$@" <<<"header = \"Authorization: Bearer $SYSTEM_ACCESSTOKEN\""; }

thread=$(call "$threads?api-version=7.1" | jq --raw-output --arg marker "$marker" \
  '[.value[] | select(.isDeleted != true and ((.comments[0].content // "") | startswith($marker))) | .id][0] // empty')
body=$(mktemp)
trap 'rm -f "$body"' EXIT
if [ -n "$thread" ]; then
  jq --null-input --rawfile content "$report" '{content: $content}' >"$body"
  call --request PATCH --data "@$body" "$threads/$thread/comments/1?api-version=7.1" >/dev/null
else
  # A closed thread asks nobody to resolve it.
  jq --null-input --rawfile content "$report" '{status: "closed", comments: [{content: $content, commentType: "text"}]}' >"$body"
  call --request POST --data "@$body" "$threads?api-version=7.1" >/dev/null
fi
