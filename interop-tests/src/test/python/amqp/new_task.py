"""Tutorial 2, the sender: new_task.py TASK..."""
import os
import sys

import amqp

connection = amqp.Connection(os.environ.get("AMQP_ADDRESS", "localhost:5672"))
connection.connect()
channel = connection.channel()

channel.queue_declare(queue="task_queue", durable=True, auto_delete=False)

for task in sys.argv[1:]:
    channel.basic_publish(amqp.Message(task, delivery_mode=2), routing_key="task_queue")
    print(f" [x] Sent {task}")
connection.close()
