"""Tutorial 6, the server: rpc_server.py REQUESTS, after which it ends"""
import os
import sys

import amqp

remaining = int(sys.argv[1])
connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
connection.connect()
channel = connection.channel()

channel.queue_declare(queue="rpc_queue", auto_delete=False)
channel.basic_qos(prefetch_size=0, prefetch_count=1, a_global=False)


def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def answer(message):
    global remaining
    n = int(message.body)
    print(f" [.] fib({n})")
    reply = amqp.Message(str(fib(n)), correlation_id=message.properties["correlation_id"])
    channel.basic_publish(reply, routing_key=message.properties["reply_to"])
    channel.basic_ack(message.delivery_tag)
    remaining -= 1


channel.basic_consume(queue="rpc_queue", callback=answer)
print(" [*] Waiting for requests")
while remaining > 0:
    connection.drain_events()
connection.close()
