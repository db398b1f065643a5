#!/usr/bin/env bash
# Rabbits and Warrens, the consumer: letter_consumer.sh EXPECTED_LETTER EXPECTED_LETTER...
# Gets the first letter and consumes the others, each acknowledged when the command has ended well.
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}

amqp-declare-queue --url="$url" --queue=po_box --durable >/dev/null

letter=$(amqp-get --url="$url" --queue=po_box)
echo " [x] Read $letter"
if [ "$letter" != "$1" ]; then
	echo "read '$letter' instead of '$1'" >&2
	exit 1
fi
shift

letters=$(amqp-consume --url="$url" --queue=po_box --count=$# -- sh -c 'cat; echo')
echo " [x] Read $letters"
diff <(printf '%s\n' "$@") <(echo "$letters")
