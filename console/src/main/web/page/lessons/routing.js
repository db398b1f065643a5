/**
 * Tutorial 4: routing by one word.
 */

import { beginStep, bodies, deliveredTo, endStep, listOf, logsLesson, send } from './logs.js';

const TYPE = 'direct';

const SEVERITIES = ['debug', 'info', 'warning', 'error'];

export default logsLesson({
	id: 'routing',
	type: TYPE,
	exchange: 'direct_logs',
	wantsFields: [{ id: 'keys', value: 'warning, error' }],
	wants: ({ keys }) => ({ bindingKeys: listOf(keys) }),
	logFields: [{ id: 'severity', value: 'error' }, { id: 'message', value: 'Run. Run. Or it will explode.' }],
	log: ({ severity, message }) => ({ severity, message }),
	route: ({ severity }) => ({ routingKey: severity }),
	java: 'new DirectExchange(',
	experiments: [
		{
			id: 'not-asked-for',
			steps: [
				beginStep('file', TYPE, { bindingKeys: ['error'] }),
				beginStep('screen', TYPE, { bindingKeys: ['info', 'warning', 'error'] }),
				{ pause: 1500 },
				...SEVERITIES.map((severity) => [
					{ request: send(TYPE, { severity, message: severity }) },
					{ pause: 1000 },
				]).flat(),
				{ until: ({ events, notes }) => deliveredTo(events, notes.screen).length >= 3 && deliveredTo(events, notes.file).length >= 1,
					waiting: 'delivered' },
			],
			after: [endStep('file'), endStep('screen')],
			facts: ({ events, notes, answers }) => ({
				file: { id: notes.file.id, got: bodies(events, deliveredTo(events, notes.file)) },
				screen: { id: notes.screen.id, got: bodies(events, deliveredTo(events, notes.screen)) },
				nobody: SEVERITIES.filter((_, index) => answers[index].body?.routed === false),
				reason: events.find(({ what }) => what === 'unroutable')?.reason,
			}),
		},
		{
			id: 'no-patterns',
			steps: [
				beginStep('star', TYPE, { bindingKeys: ['*'] }),
				{ pause: 1500 },
				{ request: send(TYPE, { severity: 'error', message: 'error' }) },
				{ pause: 1500 },
				{ request: send(TYPE, { severity: '*', message: 'a star' }) },
				{ until: ({ events, notes }) => deliveredTo(events, notes.star).length >= 1, waiting: 'delivered' },
			],
			after: [endStep('star')],
			facts: ({ events, notes }) => ({
				id: notes.star.id,
				got: bodies(events, deliveredTo(events, notes.star)),
				unroutable: bodies(events, events.filter(({ what }) => what === 'unroutable')),
			}),
		},
	],
});
