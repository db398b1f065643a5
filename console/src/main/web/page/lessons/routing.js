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
				{ until: ({ events, kept }) => deliveredTo(events, kept.screen).length >= 3 && deliveredTo(events, kept.file).length >= 1,
					waiting: 'delivered' },
			],
			restore: [endStep('file'), endStep('screen')],
			facts: ({ events, kept, answers }) => ({
				file: { id: kept.file.id, got: bodies(events, deliveredTo(events, kept.file)) },
				screen: { id: kept.screen.id, got: bodies(events, deliveredTo(events, kept.screen)) },
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
				{ until: ({ events, kept }) => deliveredTo(events, kept.star).length >= 1, waiting: 'delivered' },
			],
			restore: [endStep('star')],
			facts: ({ events, kept }) => ({
				id: kept.star.id,
				got: bodies(events, deliveredTo(events, kept.star)),
				unroutable: bodies(events, events.filter(({ what }) => what === 'unroutable')),
			}),
		},
	],
});
