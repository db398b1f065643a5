/**
 * Tutorial 5: routing by patterns.
 */

import { acknowledged, beginStep, deliveredTo, endStep, listOf, logsLesson, routed, send } from './logs.js';

const TYPE = 'topic';

const EXCHANGE = 'topic_logs';

const NOBODY_ASKED = { routingKey: 'cron.info', message: 'The nightly job ran' };

/** The management API publishes without mandatory. */
const publishWithoutMandatory = {
	service: 'broker',
	method: 'POST',
	path: `/api/exchanges/{vhost}/${EXCHANGE}/publish`,
	json: { routing_key: NOBODY_ASKED.routingKey, payload: NOBODY_ASKED.message, payload_encoding: 'string', properties: {} },
};

export default logsLesson({
	id: 'topics',
	type: TYPE,
	exchange: EXCHANGE,
	wantsFields: [{ id: 'keys', value: 'kern.*, *.critical' }],
	wants: ({ keys }) => ({ bindingKeys: listOf(keys) }),
	logFields: [{ id: 'routingKey', value: 'kern.critical' }, { id: 'message', value: 'A critical kernel error' }],
	log: ({ routingKey, message }) => ({ routingKey, message }),
	route: ({ routingKey }) => ({ routingKey }),
	java: 'new TopicExchange(',
	experiments: [
		{
			id: 'once',
			steps: [
				beginStep('both', TYPE, { bindingKeys: ['kern.*', '*.critical'] }),
				{ pause: 1500 },
				{ request: send(TYPE, { routingKey: 'kern.critical', message: 'A critical kernel error' }) },
				{ until: ({ events, notes }) => deliveredTo(events, notes.both).length > 0, waiting: 'delivered' },
				{ until: ({ events }) => acknowledged(events).length > 0, waiting: 'acknowledged' },
			],
			after: [endStep('both')],
			facts: ({ events, notes }) => ({
				id: notes.both.id,
				count: deliveredTo(events, notes.both).length,
				by: routed(events).find(({ queue }) => queue === notes.both.queue)?.binding.routingKey,
			}),
		},
		{
			id: 'words',
			steps: [
				beginStep('star', TYPE, { bindingKeys: ['kern.*'] }),
				beginStep('hash', TYPE, { bindingKeys: ['kern.#'] }),
				{ pause: 1500 },
				...['kern', 'kern.info', 'kern.disk.full'].map((routingKey) =>
					({ request: send(TYPE, { routingKey, message: routingKey }) })),
				{ until: ({ events, notes }) => deliveredTo(events, notes.hash).length >= 3, waiting: 'delivered' },
			],
			after: [endStep('star'), endStep('hash')],
			facts: ({ events, notes }) => {
				const keysOf = (subscription) => {
					const messages = new Set(deliveredTo(events, subscription).map(({ message }) => message));
					return events.filter(({ what, message }) => what === 'published' && messages.has(message))
						.map(({ routingKey }) => routingKey);
				};
				return { star: { id: notes.star.id, keys: keysOf(notes.star) }, hash: { id: notes.hash.id, keys: keysOf(notes.hash) } };
			},
		},
		{
			id: 'to-nobody',
			steps: [
				beginStep('kernel', TYPE, { bindingKeys: ['kern.*'] }),
				{ pause: 1500 },
				{ request: publishWithoutMandatory },
				{ pause: 2500 },
				{ request: send(TYPE, NOBODY_ASKED) },
				{ until: ({ events }) => events.filter(({ what }) => what === 'published').length >= 2, waiting: 'published' },
			],
			after: [endStep('kernel')],
			facts: ({ events, answers }) => ({
				wanted: routed(events).length,
				reason: events.find(({ what }) => what === 'unroutable')?.reason,
				unroutable: events.filter(({ what }) => what === 'unroutable').length,
				looked: answers[0].body?.routed,
				returned: events.filter(({ what }) => what === 'returned').length,
				status: answers[1].status,
				routed: answers[1].body?.routed,
			}),
		},
	],
});
