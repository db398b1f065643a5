#!/usr/bin/env bash
# Tutorial 2, a worker that is killed in the middle of its first task: dying_worker.sh EXPECTED_TASK
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}

amqp-declare-queue --url="$url" --queue=task_queue --durable >/dev/null

# shellcheck disable=SC2016 # the inner shell is to expand them
exec amqp-consume --url="$url" --queue=task_queue --prefetch-count=1 -- sh -c '
	task=$(cat)
	echo " [x] Received $task"
	if [ "$task" = "$0" ]; then kill -KILL $PPID; else kill -TERM $PPID; fi
' "$1"
