#!/usr/bin/env bash
# Tutorial 1, the sender: send.sh TEXT...
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}

amqp-declare-queue --url="$url" --queue=hello >/dev/null

for text in "$@"; do
	amqp-publish --url="$url" --routing-key=hello --body="$text"
	echo " [x] Sent $text"
done
