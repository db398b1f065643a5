// Tutorials 3, 4 and 5, the receiver: receive_logs.js fanout|direct|topic BINDING_KEY... -- EXPECTED_KEY:TEXT...
const amqp = require('amqplib');

const EXCHANGES = { fanout: 'logs', direct: 'direct_logs', topic: 'topic_logs' };

async function main(type, bindingKeys, expected) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertExchange(EXCHANGES[type], type, { durable: false });
  const { queue } = await channel.assertQueue('', { exclusive: true });
  for (const key of bindingKeys) {
    await channel.bindQueue(queue, EXCHANGES[type], key);
  }

  await channel.consume(queue, (message) => {
    const line = `${message.fields.routingKey}:${message.content}`;
    console.log(` [x] ${line}`);
    if (line !== expected[0]) {
      throw new Error(`received '${line}' instead of '${expected[0]}'`);
    }
    expected.shift();
    if (expected.length === 0) {
      connection.close();
    }
  }, { noAck: true });
  console.log(' [*] Waiting for logs');
}

const [type, ...keys] = process.argv.slice(2);
const end = keys.indexOf('--');
main(type, keys.slice(0, end), keys.slice(end + 1));
