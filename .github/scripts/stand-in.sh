#!/usr/bin/env bash
# Where there is no report, writes one that says so, with the marker by which the next one replaces it. Needs STACK and RUN_URL.
set -euo pipefail

report=$1
[ -s "$report" ] || printf '<!-- aks-fine-tuning report: %s -->\n### %s: the preview did not run\n\nNothing is known of this commit; see [the log](%s).\n' "$STACK" "$STACK" "$RUN_URL" > "$report"
