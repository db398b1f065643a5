#!/usr/bin/env bash
# Tutorial 2, what happens to who declares task_queue, which is durable, as it is not: redeclare.sh
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}
refusal="PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'task_queue' in vhost '/': received 'false' but current is 'true'"

if answer=$(amqp-declare-queue --url="$url" --queue=task_queue 2>&1); then
	echo "it was not refused" >&2
	exit 1
fi
echo " [x] $answer"
if [[ $answer != *"406, message: $refusal"* ]]; then
	echo "it was not refused with 406 $refusal" >&2
	exit 1
fi
