// Tutorial 6, the server: rpc_server.js REQUESTS, after which it ends
const amqp = require('amqplib');
const edition = require('./edition');

function fib(n) {
  let [a, b] = [0n, 1n];
  for (let i = 0; i < n; i++) {
    [a, b] = [b, a + b];
  }
  return a;
}

async function main(requests) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertQueue('rpc_queue', edition.queue(false));
  await channel.prefetch(1);

  let remaining = requests;
  await channel.consume('rpc_queue', async (message) => {
    const n = Number(message.content);
    console.log(` [.] fib(${n})`);
    const { correlationId, replyTo } = message.properties;
    channel.sendToQueue(replyTo, Buffer.from(fib(n).toString()), { correlationId });
    channel.ack(message);
    remaining -= 1;
    if (remaining === 0) {
      await channel.close();
      await connection.close();
    }
  });
  console.log(' [*] Waiting for requests');
}

main(Number(process.argv[2]));
