/**
 * Tutorial 1: one queue.
 */

import { Instances } from './instances.js';

const QUEUE = 'hello';

const send = (text) => ({ service: 'hello', method: 'POST', path: '/messages', text });

const receivers = new Instances('hello', '/receivers');

const deliveries = (events) => events.filter((event) => event.what === 'delivered');

export default {
	id: 'hello',
	service: 'hello',
	producers: { 'hello-service': [''] },
	scope: {
		exchange: (name) => name === '',
		queue: (name) => name === QUEUE,
		publishes: (event) => (event.exchange ?? '') === '' && event.routingKey === QUEUE,
	},
	controls: [
		{
			id: 'send',
			fields: [{ id: 'text', value: 'Hello World!' }],
			request: ({ text }) => send(text),
			java: ['Sender', 'this.template.send('],
		},
		{ id: 'start', request: () => receivers.start, java: ['Receiver', '@RabbitListener'] },
		{
			id: 'receivers',
			list: receivers.all,
			actions: [{ id: 'stop', request: ({ id }) => receivers.one(id) }],
		},
		{ id: 'queue', request: () => ({ service: 'hello', method: 'GET', path: '/queue' }), java: ['HelloTopology', 'queues.declared('] },
	],
	experiments: [
		{
			id: 'nobody-listens',
			steps: [
				{ do: (context) => receivers.have(context, 0), script: (curl) => curl(receivers.one('receiver-1')) },
				{ request: send('Anybody there?') },
				{ request: send('I can wait.') },
				{ until: ({ state }) => state.ready(QUEUE) >= 2, waiting: 'inQueue' },
				{ pause: 4000 },
				{ request: receivers.start },
				{ until: ({ events }) => deliveries(events).length >= 2, waiting: 'delivered' },
			],
			facts: ({ events }) => {
				const published = events.find((event) => event.what === 'published');
				const delivered = deliveries(events)[0];
				return { count: deliveries(events).length, receiver: delivered?.consumer,
					waited: delivered && published ? (delivered.time - published.time) / 1000 : undefined };
			},
		},
		{
			id: 'take-turns',
			needsNoEvents: true,
			steps: [
				{ do: (context) => receivers.have(context, 3), script: (curl) => `${curl(receivers.start)}\n${curl(receivers.start)}` },
				...Array.from({ length: 6 }, (_, index) => ({ request: send(`message ${index + 1}`) })),
				{ until: ({ events }) => deliveries(events).length >= 6, waiting: 'delivered' },
				{ do: (context) => receivers.have(context, 1), script: (curl) => curl(receivers.all) },
			],
			facts: ({ events }) => {
				const byReceiver = new Map();
				for (const { consumer } of deliveries(events)) {
					byReceiver.set(consumer, (byReceiver.get(consumer) ?? 0) + 1);
				}
				return { byReceiver };
			},
		},
	],
};
