#!/usr/bin/env bash
# Tutorial 2, the worker: worker.sh EXPECTED_TASK...
# Takes one task after the other; each is acknowledged when the command has ended well.
set -euo pipefail
url=amqp://${AMQP_ADDRESS:-localhost:5672}

amqp-declare-queue --url="$url" --queue=task_queue --durable >/dev/null

done=$(amqp-consume --url="$url" --queue=task_queue --prefetch-count=1 --count=$# -- sh -c 'cat; echo')
echo " [x] Done $done"
diff <(printf '%s\n' "$@") <(echo "$done")
