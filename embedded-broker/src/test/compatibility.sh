#!/bin/bash
# Makes COMPATIBILITY.md: runs the tests of compatibility on the RabbitMQ of each version and on the embedded broker as
# that version, and writes what they found.
#   src/test/compatibility.sh 3.10=/usr/lib/rabbitmq/bin 4.0=DIR/bin 4.3=DIR/bin
# With 4.0= it runs on the embedded broker only. A version that is not named is not run again: what its last run left in
# target/compatibility counts. The page is made when all of them have run; until then it must have a line for each test.
set -euo pipefail
cd "$(dirname "$0")/../.."
for version in "$@"; do
	if [ -n "${version#*=}" ]; then
		RABBITMQ_BIN=${version#*=} src/test/rabbitmq.sh ../mvnw -B -ntp test -Dgroups=compatibility
	fi
	../mvnw -B -ntp test -Dgroups=compatibility -Dwarren.broker.version="${version%%=*}"
done
runs=(target/compatibility/{rabbitmq,embedded}-{3.10,4.0,4.3})
if [ "$(ls -d "${runs[@]}" 2>/dev/null | wc -l)" = ${#runs[@]} ]; then
	"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp target/test-classes:target/classes dev.warren.broker.rabbitmq.CompatibilityPage
	exit
fi
awk -F'\t' '$2 == "yes" || $2 == "no" { print $3 }' target/compatibility/*/*.tsv | sed 's/|/\\|/g' | sort -u | while read -r sentence; do
	grep -qF "| $sentence |" COMPATIBILITY.md || { echo "COMPATIBILITY.md says nothing of: $sentence" >&2; exit 1; }
done
