#!/usr/bin/env bash
# Tutorial 1, the receiver: receive.sh EXPECTED_TEXT EXPECTED_TEXT...
# Gets the first and consumes the others.
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}

amqp-declare-queue --url="$url" --queue=hello >/dev/null

received=$(amqp-get --url="$url" --queue=hello)
echo " [x] Received $received"
if [ "$received" != "$1" ]; then
	echo "received '$received' instead of '$1'" >&2
	exit 1
fi
shift

received=$(amqp-consume --url="$url" --queue=hello --no-ack --count=$# -- sh -c 'cat; echo')
echo " [x] Received $received"
diff <(printf '%s\n' "$@") <(echo "$received")
