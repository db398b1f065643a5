#!/usr/bin/env bash
# Rabbits and Warrens, the producer: letter_producer.sh LETTER...
# None of the tools declares or binds: exchange, box and binding must be there.
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}

for letter in "$@"; do
	amqp-publish --url="$url" --exchange=sorting_room --routing-key=jason --persistent --body="$letter"
	echo " [x] Sent $letter"
done
