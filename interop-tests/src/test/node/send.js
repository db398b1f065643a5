// Tutorial 1, the sender: send.js TEXT...
const amqp = require('amqplib');
const edition = require('./edition');

async function main(texts) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertQueue('hello', edition.queue(false));

  for (const text of texts) {
    channel.sendToQueue('hello', Buffer.from(text));
    console.log(` [x] Sent ${text}`);
  }
  await channel.close();
  await connection.close();
}

main(process.argv.slice(2));
