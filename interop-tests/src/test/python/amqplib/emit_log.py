"""Tutorials 3, 4 and 5, the sender: emit_log.py fanout|direct|topic KEY:TEXT..."""
import os
import sys

import amqplib.client_0_8 as amqp

EXCHANGES = {"fanout": "logs", "direct": "direct_logs", "topic": "topic_logs"}

exchange_type, *logs = sys.argv[1:]
connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
channel = connection.channel()

exchange = EXCHANGES[exchange_type]
channel.exchange_declare(exchange=exchange, type=exchange_type, auto_delete=False)

for log in logs:
    key, text = log.split(":", 1)
    channel.basic_publish(amqp.Message(text), exchange=exchange, routing_key=key)
    print(f" [x] Sent {log}")
connection.close()
