/**
 * Tutorial 3: everything to everyone.
 */

import { acknowledged, begin, beginStep, deliveredTo, end, endStep, logsLesson, routed, send } from './logs.js';

const TYPE = 'fanout';

const EXCHANGE = 'logs';

const subscriptions = { service: 'logs', method: 'GET', path: '/subscriptions' };

/** The queue of a subscriber that never comes to fetch its messages; it goes by itself if the page is closed. */
const SLOW = 'slow-subscriber';

const MOST_SLOW = 5;

const SENT = 8;

const slowQueue = (method, json) => ({ service: 'broker', method, path: `/api/queues/{vhost}/${SLOW}`, json });

const declareSlow = slowQueue('PUT', { durable: false, arguments: { 'x-max-length': MOST_SLOW, 'x-expires': 300_000 } });

const bindSlow = {
	service: 'broker',
	method: 'POST',
	path: `/api/bindings/{vhost}/e/${EXCHANGE}/q/${SLOW}`,
	json: { routing_key: '', arguments: {} },
};

const published = (events) => events.filter(({ what }) => what === 'published');

export default logsLesson({
	id: 'publish-subscribe',
	type: TYPE,
	exchange: EXCHANGE,
	wantsFields: [],
	wants: () => ({}),
	logFields: [{ id: 'message', value: 'Hello World!' }],
	log: ({ message }) => ({ message }),
	route: () => ({}),
	java: 'new FanoutExchange(',
	experiments: [
		{
			id: 'copies',
			steps: [
				beginStep('one', TYPE, {}),
				beginStep('two', TYPE, {}),
				{ pause: 1500 },
				{ request: send(TYPE, { message: 'To all of you' }) },
				{ until: ({ events, notes }) => deliveredTo(events, notes.one).length > 0 && deliveredTo(events, notes.two).length > 0,
					waiting: 'delivered' },
			],
			after: [endStep('one'), endStep('two')],
			facts: ({ events }) => ({ published: published(events).length, queues: routed(events).length }),
		},
		{
			id: 'nobody-yet',
			steps: [
				{
					do: async ({ call, notes }) => {
						notes.before = (await call(subscriptions)).filter(({ type }) => type === TYPE);
						for (const { id } of notes.before) {
							await call(end(id));
						}
					},
					script: (written) => `${written(subscriptions)}   # end those of type fanout, if there are any`,
				},
				{ pause: 1200 },
				{ request: send(TYPE, { message: 'Is anybody there?' }) },
				{ until: ({ events }) => published(events).length > 0, waiting: 'published' },
				{ pause: 2000 },
				beginStep('late', TYPE, {}),
				{ pause: 1500 },
				{ request: send(TYPE, { message: 'And now?' }) },
				{ until: ({ events, notes }) => deliveredTo(events, notes.late).length > 0, waiting: 'delivered' },
			],
			after: [
				endStep('late'),
				{
					do: async ({ call, notes }) => {
						for (const _ of notes.before ?? []) {
							await call(begin(TYPE, {}));
						}
					},
				},
			],
			facts: ({ events, notes, answers }) => ({
				id: notes.late.id,
				received: deliveredTo(events, notes.late).length,
				published: published(events).length,
				status: answers[0].status,
				routed: answers[0].body?.routed,
				ended: notes.before.length,
			}),
		},
		{
			id: 'slow-subscriber',
			steps: [
				beginStep('quick', TYPE, {}),
				{
					do: async ({ call, notes }) => {
						await call(declareSlow);
						notes.slow = SLOW;
					},
					script: (written) => written(declareSlow),
				},
				{ do: ({ call }) => call(bindSlow), script: (written) => written(bindSlow) },
				{ pause: 1500 },
				...Array.from({ length: SENT }, (_, index) => [
					{ request: send(TYPE, { message: `log ${index + 1}` }) },
					{ pause: 400 },
				]).flat(),
				{ until: ({ events, notes }) => deliveredTo(events, notes.quick).length >= SENT, waiting: 'delivered' },
				{ until: ({ events }) => acknowledged(events).length >= SENT, waiting: 'acknowledged' },
			],
			after: [
				endStep('quick'),
				{ do: ({ call, notes }) => notes.slow && call(slowQueue('DELETE')), script: (written) => written(slowQueue('DELETE')) },
			],
			facts: ({ events, notes, state }) => {
				const times = new Map(published(events).map(({ message, time }) => [message, time]));
				const delivered = deliveredTo(events, notes.quick);
				return {
					id: notes.quick.id,
					sent: times.size,
					received: delivered.length,
					slowest: Math.max(...delivered.map(({ message, time }) => time - (times.get(message) ?? time))),
					waiting: state.ready(SLOW),
					dropped: events.filter(({ what, queue }) => what === 'dropped' && queue === SLOW).length,
					most: MOST_SLOW,
				};
			},
		},
	],
});
