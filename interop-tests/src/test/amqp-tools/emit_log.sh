#!/usr/bin/env bash
# Tutorials 3, 4 and 5, the sender: emit_log.sh fanout|direct|topic KEY:TEXT...
# There is no tool to declare an exchange: it must be there.
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}
declare -A exchanges=([fanout]=logs [direct]=direct_logs [topic]=topic_logs)

exchange=${exchanges[$1]}
shift

for log in "$@"; do
	amqp-publish --url="$url" --exchange="$exchange" --routing-key="${log%%:*}" --body="${log#*:}"
	echo " [x] Sent $log"
done
