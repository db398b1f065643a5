"""Tutorial 2, what happens to who declares task_queue, which is durable, as it is not: redeclare.py"""
import os
import sys

import amqp

REFUSAL = (
    "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'task_queue' in vhost '/': "
    "received 'false' but current is 'true'"
)

connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
connection.connect()
channel = connection.channel()

try:
    channel.queue_declare(queue="task_queue", auto_delete=False)
    sys.exit("it was not refused")
except amqp.PreconditionFailed as refused:
    print(f" [x] {refused.reply_code} {refused.reply_text}")
    if (refused.reply_code, refused.reply_text) != (406, REFUSAL):
        sys.exit(f"it was not refused with 406 {REFUSAL}")

# Only the channel is closed.
connection.channel().queue_declare(queue="task_queue", durable=True, auto_delete=False)
connection.close()
