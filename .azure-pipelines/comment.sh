#!/usr/bin/env bash
# Writes a report into the pull request's thread that begins with the same marker, or into a new one. Needs SYSTEM_ACCESSTOKEN and the agent's variables.
set -euo pipefail

report=$1
marker=$(head -n 1 "$report")
# Without one, any thread would be taken for its own.
[[ "$marker" =~ ^'<!-- aks-fine-tuning report: '.+' -->'$ ]] || { echo "$report does not begin with a report's marker" >&2; exit 1; }
threads="${SYSTEM_COLLECTIONURI}${SYSTEM_TEAMPROJECTID}/_apis/git/repositories/${BUILD_REPOSITORY_ID}/pullRequests/${SYSTEM_PULLREQUEST_PULLREQUESTID}/threads"

# The token goes through standard input: arguments are seen by every process of the machine.
call() {
  curl --fail --silent --show-error --max-time 60 --config - --header "Content-Type: application/json" "$@" <<<"header = \"Authorization: Bearer $SYSTEM_ACCESSTOKEN\""
}

# All threads come at once. Pages, should there ever be some, are named by this header; a thread that is not seen would be written a second time.
headers=$(mktemp) body=$(mktemp)
trap 'rm -f "$headers" "$body"' EXIT
thread="" token=""
while :; do
  page=$(call --dump-header "$headers" "$threads?api-version=7.1${token:+&continuationToken=$token}")
  thread=$(jq --raw-output --arg marker "$marker" \
    '[.value[] | select(.isDeleted != true and .comments[0].isDeleted != true and ((.comments[0].content // "") | startswith($marker))) | .id][0] // empty' <<<"$page")
  token=$(tr -d '\r' <"$headers" | sed -n 's/^x-ms-continuationtoken: *\([A-Za-z0-9_.~-]*\)$/\1/Ip')
  if [ -n "$thread" ] || [ -z "$token" ]; then break; fi
done

if [ -n "$thread" ]; then
  jq --null-input --rawfile content "$report" '{content: $content}' >"$body"
  call --request PATCH --data "@$body" "$threads/$thread/comments/1?api-version=7.1" >/dev/null
else
  # A closed thread asks nobody to resolve it.
  jq --null-input --rawfile content "$report" '{status: "closed", comments: [{content: $content, commentType: "text"}]}' >"$body"
  call --request POST --data "@$body" "$threads?api-version=7.1" >/dev/null
fi
