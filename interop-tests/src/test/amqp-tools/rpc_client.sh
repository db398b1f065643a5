#!/usr/bin/env bash
# Tutorial 6, the client: rpc_client.sh N EXPECTED_REPLY
# The request has no correlation id, which amqp-publish does not offer; its reply queue is for this one reply.
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}

queue=$(amqp-declare-queue --url="$url" --queue="")
trap 'amqp-delete-queue --url="$url" --queue="$queue" >/dev/null' EXIT

echo " [x] Requesting fib($1)"
amqp-publish --url="$url" --routing-key=rpc_queue --reply-to="$queue" --body="$1"
reply=$(amqp-consume --url="$url" --queue="$queue" --no-ack --count=1 cat)

echo " [.] Got $reply"
if [ "$reply" != "$2" ]; then
	echo "fib($1) is $2" >&2
	exit 1
fi
