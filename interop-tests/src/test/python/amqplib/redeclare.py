"""Tutorial 2, what happens to who declares task_queue, which is durable, as it is not: redeclare.py"""
import os
import sys

import amqplib.client_0_8 as amqp

REFUSAL = (
    "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'task_queue' in vhost '/': "
    "received 'false' but current is 'true'"
)

connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
channel = connection.channel()

try:
    channel.queue_declare(queue="task_queue", auto_delete=False)
    sys.exit("it was not refused")
except amqp.AMQPChannelException as refused:
    print(f" [x] {refused.amqp_reply_code} {refused.amqp_reply_text}")
    if (refused.amqp_reply_code, refused.amqp_reply_text) != (406, REFUSAL):
        sys.exit(f"it was not refused with 406 {REFUSAL}")

# Only the channel is closed.
connection.channel().queue_declare(queue="task_queue", durable=True, auto_delete=False)
connection.close()
