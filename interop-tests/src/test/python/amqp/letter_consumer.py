"""Rabbits and Warrens, the consumer: letter_consumer.py EXPECTED_LETTER EXPECTED_LETTER...

Gets the first letter, consumes the others, and cancels its consumer after the last.
"""
import os
import sys

import amqp

expected = sys.argv[1:]
connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
connection.connect()
channel = connection.channel()
channel.auto_decode = False

channel.queue_declare(queue="po_box", durable=True, exclusive=False, auto_delete=False)
channel.exchange_declare(exchange="sorting_room", type="direct", durable=True, auto_delete=False)
channel.queue_bind(queue="po_box", exchange="sorting_room", routing_key="jason")


def read(letter):
    text = letter.body.decode()
    print(f" [x] Read {text}")
    if text != expected[0]:
        sys.exit(f"read {text!r} instead of {expected[0]!r}")
    if letter.properties["delivery_mode"] != 2:
        sys.exit(f"{text!r} is not persistent")
    channel.basic_ack(letter.delivery_tag)
    del expected[0]


letter = channel.basic_get(queue="po_box")
if letter is None:
    sys.exit("the box is empty")
read(letter)

channel.basic_consume(queue="po_box", callback=read, consumer_tag="reader")
while expected:
    connection.drain_events()
channel.basic_cancel("reader")

if channel.basic_get(queue="po_box") is not None:
    sys.exit("there is one letter too many")
channel.close()
connection.close()
