#!/usr/bin/env bash
# Tutorial 2, the sender: new_task.sh TASK...
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}

amqp-declare-queue --url="$url" --queue=task_queue --durable >/dev/null

for task in "$@"; do
	amqp-publish --url="$url" --routing-key=task_queue --persistent --body="$task"
	echo " [x] Sent $task"
done
