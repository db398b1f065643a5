"""Tutorial 2, what happens to who declares task_queue, which is durable, as it is not: redeclare.py"""
import os
import sys

import pika

REFUSAL = (
    "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'task_queue' in vhost '/': "
    "received 'false' but current is 'true'"
)

address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

try:
    channel.queue_declare(queue="task_queue")
    sys.exit("it was not refused")
except pika.exceptions.ChannelClosedByBroker as refused:
    print(f" [x] {refused.reply_code} {refused.reply_text}")
    if (refused.reply_code, refused.reply_text) != (406, REFUSAL):
        sys.exit(f"it was not refused with 406 {REFUSAL}")

# Only the channel is closed.
connection.channel().queue_declare(queue="task_queue", durable=True)
connection.close()
