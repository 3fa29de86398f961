#!/usr/bin/env bash
# Makes a comment of what a fork's preview left: `fork-report.sh FOLDER OUTPUT` prints the number of its pull request, and writes the report with a marker and a
# warning of its own before it. All of FOLDER was written by code that nobody has read. Needs GH_TOKEN, GITHUB_REPOSITORY, HEAD and HEAD_REPOSITORY.
set -euo pipefail

folder=$1 output=$2
for file in "$folder/pull-request" "$folder/report.md"; do
  # A link would copy something of this machine into a public comment.
  if [ -L "$file" ] || [ ! -f "$file" ]; then echo "$file is no file" >&2; exit 1; fi
done
number=$(head -c 9 "$folder/pull-request" | tr -cd 0-9)
[ -n "$number" ] || { echo "no number of a pull request" >&2; exit 1; }
# The number is the fork's word, commit and repository are GitHub's. The commit alone says too little: anybody can open a pull request of somebody else's commit.
found=$(gh api "repos/$GITHUB_REPOSITORY/pulls/$number" --jq '"\(.head.sha) \(.head.repo.id) \(.state)"')
[ "$found" = "$HEAD $HEAD_REPOSITORY open" ] || { echo "pull request $number is not of this run" >&2; exit 1; }
{
  printf '<!-- aks-fine-tuning report: fork -->\n> [!WARNING]\n'
  printf '> Written by the code of this pull request, against stand-ins for Azure: its author decides what it says. Read the code before you believe it.\n\n'
  # Comments end at 65,536 characters; a half character at the end is dropped.
  head -c 65000 "$folder/report.md" | iconv -c -f UTF-8 -t UTF-8
} > "$output"
echo "$number"
