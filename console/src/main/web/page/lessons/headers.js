/**
 * AMQP's fourth type of exchange, which has no tutorial: routing by headers.
 */

import { beginStep, bodies, deliveredTo, endStep, headersOf, logsLesson, send } from './logs.js';

const TYPE = 'headers';

const WANTED = { format: 'pdf', type: 'report' };

const LOGS = [
	{ headers: { format: 'pdf', type: 'report' }, message: 'a PDF report' },
	{ headers: { format: 'pdf', type: 'invoice' }, message: 'a PDF invoice' },
	{ headers: { format: 'zip', type: 'archive' }, message: 'a ZIP archive' },
];

export default logsLesson({
	id: 'headers',
	type: TYPE,
	exchange: 'headers_logs',
	wantsFields: [
		{ id: 'headers', value: 'format=pdf, type=report' },
		{ id: 'match', value: 'all', options: ['all', 'any'] },
	],
	wants: ({ headers, match }) => ({ bindingHeaders: [{ 'x-match': match, ...headersOf(headers) }] }),
	logFields: [{ id: 'headers', value: 'format=pdf, type=report' }, { id: 'message', value: 'The report of the quarter' }],
	log: ({ headers, message }) => ({ headers: headersOf(headers), message }),
	route: ({ headers }) => ({ headers: JSON.stringify(headersOf(headers)) }),
	java: 'new HeadersExchange(',
	experiments: [
		{
			id: 'any-all',
			steps: [
				beginStep('all', TYPE, { bindingHeaders: [{ 'x-match': 'all', ...WANTED }] }),
				beginStep('any', TYPE, { bindingHeaders: [{ 'x-match': 'any', ...WANTED }] }),
				{ pause: 1500 },
				...LOGS.map((log) => [{ request: send(TYPE, log) }, { pause: 1200 }]).flat(),
				{ until: ({ events, notes }) => deliveredTo(events, notes.any).length >= 2 && deliveredTo(events, notes.all).length >= 1,
					waiting: 'delivered' },
			],
			after: [endStep('all'), endStep('any')],
			facts: ({ events, notes, answers }) => ({
				all: { id: notes.all.id, got: bodies(events, deliveredTo(events, notes.all)) },
				any: { id: notes.any.id, got: bodies(events, deliveredTo(events, notes.any)) },
				nobody: LOGS.filter((_, index) => answers[index].body?.routed === false).map(({ message }) => message),
			}),
		},
		{
			id: 'number-text',
			steps: [
				beginStep('number', TYPE, { bindingHeaders: [{ 'x-match': 'all', pages: 3 }] }),
				{ pause: 1500 },
				{ request: send(TYPE, { headers: { pages: 3 }, message: 'pages=3, a number' }) },
				{ pause: 1500 },
				{ request: send(TYPE, { headers: { pages: '3' }, message: 'pages="3", a text' }) },
				{ until: ({ events, notes }) => deliveredTo(events, notes.number).length >= 1
					&& events.filter(({ what }) => what === 'published').length >= 2, waiting: 'delivered' },
			],
			after: [endStep('number')],
			facts: ({ events, notes }) => ({
				id: notes.number.id,
				got: bodies(events, deliveredTo(events, notes.number)),
				unroutable: bodies(events, events.filter(({ what }) => what === 'unroutable')),
				reason: events.find(({ what }) => what === 'unroutable')?.reason,
			}),
		},
	],
});
