"""Rabbits and Warrens, the producer: letter_producer.py LETTER..."""
import os
import sys

import amqp

connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
connection.connect()
channel = connection.channel()

channel.queue_declare(queue="po_box", durable=True, exclusive=False, auto_delete=False)
channel.exchange_declare(exchange="sorting_room", type="direct", durable=True, auto_delete=False)
channel.queue_bind(queue="po_box", exchange="sorting_room", routing_key="jason")

for letter in sys.argv[1:]:
    channel.basic_publish(amqp.Message(letter, delivery_mode=2), exchange="sorting_room", routing_key="jason")
    print(f" [x] Sent {letter}")
channel.close()
connection.close()
