/**
 * Tutorial 6: a question goes into one queue, its answer comes back in another.
 */

import { Instances } from './instances.js';

const REQUESTS = 'rpc_queue';

const REPLIES = 'rpc_replies_';

const isReplies = (name) => name?.startsWith(REPLIES) === true;

const servers = new Instances('rpc', '/servers');

const ask = (n) => ({ service: 'rpc', method: 'GET', path: `/fibonacci/${encodeURIComponent(n)}` });

const batch = (numbers) => ({ service: 'rpc', method: 'POST', path: '/fibonacci/batch', json: numbers });

/** Large numbers, so that a server is at each for a while. */
const LARGE = 90_000;

const CALLS = 120;

const withServers = (count, script) => ({ do: (context) => servers.haveForNow(context, count), script });

const numbersOf = (text) => text.split(/[\s,]+/).filter(Boolean).map(Number);

export default {
	id: 'rpc',
	service: 'rpc',
	producers: { 'rpc-service': [''] },
	scope: {
		exchange: (name) => name === '',
		queue: (name) => name === REQUESTS || isReplies(name),
		publishes: (event) => (event.exchange ?? '') === '' && (event.routingKey === REQUESTS || isReplies(event.routingKey)),
		replies: (name) => name === REQUESTS,
	},
	controls: [
		{
			id: 'ask',
			fields: [{ id: 'n', type: 'number', value: '30' }],
			request: ({ n }) => ask(n),
			java: ['FibonacciClient', 'this.template.convertAndSend('],
		},
		{
			id: 'batch',
			fields: [{ id: 'numbers', value: '10, 20, 30' }],
			request: ({ numbers }) => batch(numbersOf(numbers)),
			java: ['FibonacciClient', 'this.waiting.put(id, reply);'],
		},
		{ id: 'start', request: () => servers.start, java: ['FibonacciServer', '@RabbitListener'] },
		{
			id: 'servers',
			list: servers.all,
			java: ['FibonacciServer', '@RabbitListener'],
			actions: [
				{ id: 'crash', request: ({ id }) => servers.one(id, 'POST', '/crash'), java: ['CrashedRequests', 'boolean tryAgain('] },
				{ id: 'stop', request: ({ id }) => servers.one(id) },
			],
		},
		{
			id: 'replies',
			request: () => ({ service: 'rpc', method: 'GET', path: '/replies' }),
			java: ['FibonacciClient', 'this.waiting.remove(id);'],
		},
		{
			id: 'queue',
			request: () => ({ service: 'rpc', method: 'GET', path: '/queue' }),
			java: ['RpcTopology', 'queues.declared(REQUESTS'],
		},
		{
			id: 'delete',
			fields: [{ id: 'force', type: 'checkbox', value: false }],
			request: ({ force }) => ({ service: 'rpc', method: 'DELETE', path: `/queue${force ? '?force=true' : ''}` }),
			java: ['RpcTopology', 'queues.declared(REQUESTS'],
		},
	],
	experiments: [
		{
			id: 'server-dies',
			steps: [
				withServers(2, (curl) => curl(servers.start)),
				{
					do: (context) => {
						const numbers = Array.from({ length: CALLS }, (_, index) => LARGE + index);
						context.notes.batch = context.send(batch(numbers));
					},
					script: (curl) => `${curl(batch([1])).replace("'[1]'", `"[$(seq -s, ${LARGE} ${LARGE + CALLS - 1})]"`)} -o answers.json &`,
				},
				{ until: ({ events }) => replies(events).length >= 15, waiting: 'answering' },
				{
					do: async (context) => {
						const [{ id }] = await servers.running(context);
						context.notes.victim = id;
						await context.call(servers.one(id, 'POST', '/crash'));
					},
					script: (curl) => curl(servers.one('server-1', 'POST', '/crash')),
				},
				{
					do: async (context) => {
						const { status, body } = await context.notes.batch;
						context.notes.status = status;
						context.notes.answered = Array.isArray(body) ? body.filter(({ value }) => value).length : 0;
					},
					script: 'wait',
				},
			],
			after: [servers.asBefore(1)],
			facts: ({ events, notes }) => {
				const back = events.find((event) => event.what === 'requeued' && event.queue === REQUESTS);
				const id = events.find((event) => event.what === 'published' && event.message === back?.message)?.properties?.correlationId;
				const copy = events.find((event) => event.what === 'published' && event.message !== back?.message
					&& event.routingKey === REQUESTS && event.properties?.correlationId === id);
				const answers = replies(events).filter(({ properties }) => id !== undefined && properties?.correlationId === id);
				return { calls: CALLS, ...notes, number: back && copyBody(events, back.message), redelivered: back !== undefined,
					crashes: copy?.properties?.headers?.['x-crashes'],
					answeredBy: answers.map(({ properties }) => properties.headers?.['x-server']) };
			},
		},
		{
			id: 'no-server',
			steps: [
				withServers(0, (curl) => curl(servers.one('server-1'))),
				{ request: ask(30) },
				{ pause: 500 },
			],
			after: [servers.asBefore(1)],
			facts: ({ events, answers: [{ status, body }] }) => {
				const published = events.find((event) => event.what === 'published' && event.routingKey === REQUESTS);
				const expired = events.find((event) => event.what === 'expired' && event.message === published?.message);
				return { status, detail: body?.detail, expiration: published?.properties?.expiration,
					waited: published && expired ? (expired.time - published.time) / 1000 : undefined };
			},
		},
	],
};

function replies(events) {
	return events.filter((event) => event.what === 'published' && isReplies(event.routingKey));
}

const copyBody = (events, number) => events.find((event) => event.what === 'published' && event.message === number)?.body;
