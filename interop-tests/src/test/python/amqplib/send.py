"""Tutorial 1, the sender: send.py TEXT..."""
import os
import sys

import amqplib.client_0_8 as amqp

connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
channel = connection.channel()

channel.queue_declare(queue="hello", auto_delete=False)

for text in sys.argv[1:]:
    channel.basic_publish(amqp.Message(text), routing_key="hello")
    print(f" [x] Sent {text}")
connection.close()
