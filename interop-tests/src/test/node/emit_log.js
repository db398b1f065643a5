// Tutorials 3, 4 and 5, the sender: emit_log.js fanout|direct|topic KEY:TEXT...
const amqp = require('amqplib');

const EXCHANGES = { fanout: 'logs', direct: 'direct_logs', topic: 'topic_logs' };

async function main(type, logs) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertExchange(EXCHANGES[type], type, { durable: false });

  for (const log of logs) {
    const [key, text] = log.split(':');
    channel.publish(EXCHANGES[type], key, Buffer.from(text));
    console.log(` [x] Sent ${log}`);
  }
  await channel.close();
  await connection.close();
}

const [type, ...logs] = process.argv.slice(2);
main(type, logs);
