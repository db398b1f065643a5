"""Rabbits and Warrens, the producer: letter_producer.py LETTER..."""
import os
import sys

import pika

address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

channel.queue_declare(queue="po_box", durable=True)
channel.exchange_declare(exchange="sorting_room", exchange_type="direct", durable=True)
channel.queue_bind(queue="po_box", exchange="sorting_room", routing_key="jason")

for letter in sys.argv[1:]:
    channel.basic_publish(
        exchange="sorting_room",
        routing_key="jason",
        body=letter,
        properties=pika.BasicProperties(delivery_mode=2),
    )
    print(f" [x] Sent {letter}")
connection.close()
