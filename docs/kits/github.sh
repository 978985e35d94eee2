#!/usr/bin/env bash
# What action.yml does: judges, marks lines, writes the job's summary, and leaves the reports in
# $RUNNER_TEMP/daemonspec.  Ends with the status of `daemonspec run`.
set -u
reports=$RUNNER_TEMP/daemonspec
mkdir -p "$reports"

if [ "$VERSION" != installed ]; then
    wanted="$GITHUB_ACTION_PATH[html]"
    [ -z "$VERSION" ] || wanted="daemonspec[html]==$VERSION"
    python3 -m venv "$RUNNER_TEMP/daemonspec-venv" || exit 3
    PATH=$RUNNER_TEMP/daemonspec-venv/bin:$PATH
    pip install -q "$wanted" || exit 3
fi

targets=()
while IFS= read -r target; do
    [ -z "${target// /}" ] || targets+=("$target")
done <<<"$TARGETS"

status=0
daemonspec run "${targets[@]}" "--level=$LEVEL" "--sweep=$SWEEP" ${WAIVERS:+"--waivers=$WAIVERS"} \
    -n 2 "--report-json=$reports/run.json" "--junitxml=$reports/junit.xml" || status=$?
echo "status=$status" >>"$GITHUB_OUTPUT"

if [ -e "$reports/run.json" ]; then
    daemonspec report "$reports/run.json" --format=github
    daemonspec report "$reports/run.json" --format=md >>"$GITHUB_STEP_SUMMARY"
    daemonspec report "$reports/run.json" -o "$reports/page.html"
fi
exit "$status"
