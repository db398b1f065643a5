"""Tutorial 1 of today, the sender: send.py TEXT..."""
import os
import sys

import pika

address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

channel.queue_declare(queue="hello", durable=True, arguments={"x-queue-type": "quorum"})

for text in sys.argv[1:]:
    channel.basic_publish(exchange="", routing_key="hello", body=text)
    print(f" [x] Sent {text}")
connection.close()
