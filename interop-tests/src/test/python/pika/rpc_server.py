"""Tutorial 6, the server: rpc_server.py REQUESTS, after which it ends"""
import os
import sys

import pika

import edition

remaining = int(sys.argv[1])
address = os.environ.get("AMQP_ADDRESS", "localhost:5672")
connection = pika.BlockingConnection(pika.URLParameters(f"amqp://{address}"))
channel = connection.channel()

channel.queue_declare(queue="rpc_queue", **edition.queue(durable=False))
channel.basic_qos(prefetch_count=1)


def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def answer(channel, method, properties, body):
    global remaining
    n = int(body)
    print(f" [.] fib({n})")
    channel.basic_publish(
        exchange="",
        routing_key=properties.reply_to,
        properties=pika.BasicProperties(correlation_id=properties.correlation_id),
        body=str(fib(n)),
    )
    channel.basic_ack(delivery_tag=method.delivery_tag)
    remaining -= 1
    if remaining == 0:
        channel.stop_consuming()


channel.basic_consume(queue="rpc_queue", on_message_callback=answer)
print(" [*] Waiting for requests")
channel.start_consuming()
connection.close()
