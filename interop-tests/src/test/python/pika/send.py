"""Tutorial 1, the sender: send.py TEXT..."""
import os
import sys

import pika

import edition

address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

channel.queue_declare(queue="hello", **edition.queue(durable=False))

for text in sys.argv[1:]:
    channel.basic_publish(exchange="", routing_key="hello", body=text)
    print(f" [x] Sent {text}")
connection.close()
