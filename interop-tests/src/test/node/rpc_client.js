// Tutorial 6, the client: rpc_client.js N EXPECTED_REPLY
const { randomUUID } = require('crypto');
const amqp = require('amqplib');

async function main(n, expected) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  const { queue } = await channel.assertQueue('', { exclusive: true });
  const correlationId = randomUUID();

  await channel.consume(queue, (message) => {
    if (message.properties.correlationId === correlationId) {
      const reply = message.content.toString();
      console.log(` [.] Got ${reply}`);
      if (reply !== expected) {
        throw new Error(`fib(${n}) is ${expected}`);
      }
      connection.close();
    }
  }, { noAck: true });

  channel.sendToQueue('rpc_queue', Buffer.from(n), { correlationId, replyTo: queue });
  console.log(` [x] Requesting fib(${n})`);
}

main(...process.argv.slice(2));
