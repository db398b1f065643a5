"""Rabbits and Warrens, the consumer: letter_consumer.py EXPECTED_LETTER EXPECTED_LETTER...

Gets the first letter, consumes the others, and cancels its consumer after the last.
"""
import os
import sys

import pika

expected = sys.argv[1:]
address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

channel.queue_declare(queue="po_box", durable=True)
channel.exchange_declare(exchange="sorting_room", exchange_type="direct", durable=True)
channel.queue_bind(queue="po_box", exchange="sorting_room", routing_key="jason")


def read(method, properties, body):
    print(f" [x] Read {body.decode()}")
    if body.decode() != expected[0]:
        sys.exit(f"read {body.decode()!r} instead of {expected[0]!r}")
    if properties.delivery_mode != 2:
        sys.exit(f"{body.decode()!r} is not persistent")
    channel.basic_ack(delivery_tag=method.delivery_tag)
    del expected[0]


def consume(channel, method, properties, body):
    read(method, properties, body)
    if not expected:
        channel.basic_cancel("reader")


method, properties, body = channel.basic_get(queue="po_box")
if method is None:
    sys.exit("the box is empty")
read(method, properties, body)

channel.basic_consume(queue="po_box", on_message_callback=consume, consumer_tag="reader")
channel.start_consuming()

if channel.basic_get(queue="po_box") != (None, None, None):
    sys.exit("there is one letter too many")
connection.close()
