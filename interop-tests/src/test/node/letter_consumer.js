// Rabbits and Warrens, the consumer: letter_consumer.js EXPECTED_LETTER EXPECTED_LETTER...
// Gets the first letter, consumes the others, and cancels its consumer after the last.
const amqp = require('amqplib');

async function main(expected) {
  const connection = await amqp.connect(`amqp://${process.env.AMQP_ADDRESS || 'localhost:5672'}`);
  const channel = await connection.createChannel();

  await channel.assertQueue('po_box', { durable: true });
  await channel.assertExchange('sorting_room', 'direct', { durable: true });
  await channel.bindQueue('po_box', 'sorting_room', 'jason');

  function read(message) {
    const letter = message.content.toString();
    console.log(` [x] Read ${letter}`);
    if (letter !== expected[0]) {
      throw new Error(`read '${letter}' instead of '${expected[0]}'`);
    }
    if (message.properties.deliveryMode !== 2) {
      throw new Error(`'${letter}' is not persistent`);
    }
    channel.ack(message);
    expected.shift();
  }

  const first = await channel.get('po_box');
  if (!first) {
    throw new Error('the box is empty');
  }
  read(first);

  await new Promise((resolve) => {
    channel.consume('po_box', (message) => {
      read(message);
      if (expected.length === 0) {
        resolve();
      }
    }, { consumerTag: 'reader' });
  });
  await channel.cancel('reader');

  if (await channel.get('po_box')) {
    throw new Error('there is one letter too many');
  }
  await channel.close();
  await connection.close();
}

main(process.argv.slice(2));
