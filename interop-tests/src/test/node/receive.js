// Tutorial 1, the receiver: receive.js EXPECTED_TEXT...
const amqp = require('amqplib');
const edition = require('./edition');

async function main(expected) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertQueue('hello', edition.queue(false));

  await channel.consume('hello', (message) => {
    const text = message.content.toString();
    console.log(` [x] Received ${text}`);
    if (text !== expected[0]) {
      throw new Error(`received '${text}' instead of '${expected[0]}'`);
    }
    expected.shift();
    if (expected.length === 0) {
      connection.close();
    }
  }, { noAck: true });
  console.log(' [*] Waiting for messages');
}

main(process.argv.slice(2));
