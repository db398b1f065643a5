"""Tutorial 7, the sender: publisher_confirms.py TASK...

Each task is confirmed by the broker, and one that has no queue to go to comes back.
"""
import os
import sys

import pika

address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

channel.queue_declare(queue="task_queue", durable=True)
channel.confirm_delivery()

for task in sys.argv[1:]:
    # Raises NackError or UnroutableError unless it is confirmed.
    channel.basic_publish(
        exchange="",
        routing_key="task_queue",
        body=task,
        properties=pika.BasicProperties(delivery_mode=2),
        mandatory=True,
    )
    print(f" [x] Confirmed {task}")

try:
    channel.basic_publish(exchange="", routing_key="no_such_queue", body="to nobody", mandatory=True)
    sys.exit("a message to nobody did not come back")
except pika.exceptions.UnroutableError as unroutable:
    returned = unroutable.messages[0].method
    print(f" [x] Returned with {returned.reply_code} {returned.reply_text}")
    if (returned.reply_code, returned.reply_text) != (312, "NO_ROUTE"):
        sys.exit("it came back without 312 NO_ROUTE")
connection.close()
