"""Tutorial 2, the sender: new_task.py TASK..."""
import os
import sys

import pika

import edition

address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

channel.queue_declare(queue="task_queue", **edition.queue(durable=True))

for task in sys.argv[1:]:
    channel.basic_publish(
        exchange="",
        routing_key="task_queue",
        body=task,
        properties=pika.BasicProperties(delivery_mode=2),
    )
    print(f" [x] Sent {task}")
connection.close()
