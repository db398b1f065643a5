/**
 * Whatever is on the broker, drawn: to declare, bind, send and ask, and to take away as definitions, as Spring's
 * Declarables or as a test.
 */

import { download, html, live, nothing, render, say } from '../parts/html.js';
import { Drawing } from '../parts/drawing.js';
import { messagePanel } from '../parts/message.js';
import { drawnSoon, lookOf } from '../parts/player.js';
import { exchangeSegment, queueId } from '../parts/topology.js';
import { definitionsFile, junitTest, springConfiguration } from './definitions.js';
import { brokerApi, curl, send } from './requests.js';
import { Scene } from './scene.js';
import { streamNotice, timeLine, totals } from './time.js';

/** More queues than that are not drawn at once. */
const MOST_QUEUES = 25;

/** Messages a second, by hand. */
const HIGHEST_RATE = 50;

const MOST_UNDER_WAY = 4;

const TYPES = ['direct', 'fanout', 'topic', 'headers'];

const EXPORTS = {
	spring: { write: springConfiguration, file: 'Topology.java' },
	junit: { write: junitTest, file: 'TopologyTests.java' },
	definitions: { write: definitionsFile, file: 'definitions.json' },
};

/** What is chosen, or the first that there is when it is not there any more. */
const among = (chosen, options) => (options.some(([value]) => value === chosen) ? chosen : options[0]?.[0] ?? '');

/** The default exchange has its bindings from the broker. */
const isBindable = ({ kind, name }) => kind === 'queue' || (kind === 'exchange' && name !== '');

/** As much of it as can be drawn at once, and how many queues are left out. */
function limited(whole) {
	const hidden = new Set(whole.nodes.filter(({ kind }) => kind === 'queue').slice(MOST_QUEUES).map(({ id }) => id));
	const nodes = whole.nodes.filter(({ id, queue }) => !hidden.has(id) && !hidden.has(queueId(queue)));
	const ids = new Set(nodes.map(({ id }) => id));
	const edges = whole.edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
	return { part: { nodes, edges }, hidden: hidden.size };
}

/** A function that is not called again while it is given the same: what it is given changes seldom, and is drawn often. */
function once(work) {
	let given = [];
	let result;
	return (...values) => {
		if (values.length !== given.length || values.some((value, index) => value !== given[index])) {
			given = values;
			result = work(...values);
		}
		return result;
	};
}

export function show(host, { texts, settings }) {
	const own = texts.playground;
	const virtualHost = encodeURIComponent(settings.virtualHost);
	const form = {
		filter: '', exchange: 'orders', type: 'topic', exchangeDurable: true, queue: 'shipments', queueDurable: true, ttl: '',
		maxLength: '', deadLetterExchange: '', deadLetterKey: '', source: '', destination: '', bindingKey: 'order.*',
		bindingArguments: '', target: '', key: 'order.paid', headers: '', text: 'Hello World!', persistent: true, rate: '5',
		remove: '', export: 'spring', definitions: '',
	};
	const answers = new Map();
	let chosen;
	let sending;
	let route;
	const draw = drawnSoon(() => player, drawNow);
	const partOf = once(limited);
	const writtenDown = once((topology, kind) => EXPORTS[kind].write(topology));

	const drawingHost = document.createElement('div');
	drawingHost.className = 'drawing-host';
	const drawing = new Drawing(drawingHost, texts.drawing, (number) => {
		chosen = number;
		draw();
	}, choose, { can: canBind, connect: chooseBinding });
	const scene = new Scene({
		api: brokerApi,
		settings,
		scope: { exchange: isShownExchange, queue: matches, publishes: isShown },
		producers: {},
		drawing,
		changed: draw,
		played: () => {},
	});
	const { log, player } = scene;

	function isShownExchange(name) {
		return name.startsWith('amq.') || name === '' ? scene.isUsed(name) : matches(name);
	}

	function isShown({ exchange, routingKey }) {
		return (exchange ?? '') !== '' || matches(routingKey ?? '');
	}

	function matches(name) {
		return name.includes(form.filter);
	}

	/** An exchange that is clicked is where to send, and bind from; a queue is what to bind. */
	function choose(node) {
		if (node.kind === 'exchange') {
			form.target = node.name;
			form.source = node.name;
		}
		else if (node.kind === 'queue') {
			form.destination = `queue ${node.name}`;
		}
		draw();
	}

	function canBind(from, to) {
		return isBindable(from) && from.kind === 'exchange' && (to === undefined || (isBindable(to) && to !== from));
	}

	/** A line that is drawn is a binding once its key is known; a fanout exchange needs none. */
	function chooseBinding(from, to) {
		form.source = from.name;
		form.destination = `${to.kind} ${to.name}`;
		draw();
		if (from.type === 'fanout') {
			bind('');
		}
		else {
			requestAnimationFrame(() => requestAnimationFrame(() => host.querySelector('[name="bindingKey"]').select()));
		}
	}

	function drawNow() {
		const { part, hidden } = partOf(scene.part());
		drawing.draw(part);
		drawing.show(player.shown, (number) => lookOf(number, log.published(number)));
		render(view(part, hidden), host);
	}

	async function act(id, request) {
		const answer = await send(request);
		answers.set(id, { ...answer, command: curl(request, settings) });
		say(answer.status === 0 ? texts.lesson.noAnswer : String(answer.status));
		scene.look();
		draw();
		return answer;
	}

	/** What is typed as JSON; nothing if it is none. */
	function json(text, id) {
		try {
			const value = JSON.parse(text.trim() || '{}');
			if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
				return value;
			}
		}
		catch {
			// The answer says so.
		}
		answers.set(id, { status: 400, body: own.noJson, command: '' });
		draw();
		return undefined;
	}

	const broker = (method, path, body) => ({ service: 'broker', method, path: `/api/${path}`, json: body });

	const segment = encodeURIComponent;

	const exchangePath = (name) => `exchanges/${virtualHost}/${segment(exchangeSegment(name))}`;

	function declareExchange() {
		act('exchange', broker('PUT', exchangePath(form.exchange), { type: form.type, durable: form.exchangeDurable,
			auto_delete: false, arguments: {} }));
	}

	function declareQueue() {
		const args = {};
		if (form.ttl !== '') {
			args['x-message-ttl'] = Number(form.ttl);
		}
		if (form.maxLength !== '') {
			args['x-max-length'] = Number(form.maxLength);
		}
		if (form.deadLetterExchange !== '' || form.deadLetterKey !== '') {
			args['x-dead-letter-exchange'] = form.deadLetterExchange;
		}
		if (form.deadLetterKey !== '') {
			args['x-dead-letter-routing-key'] = form.deadLetterKey;
		}
		act('queue', broker('PUT', `queues/${virtualHost}/${segment(form.queue)}`, { durable: form.queueDurable,
			auto_delete: false, arguments: args }));
	}

	function bind(routingKey = form.bindingKey) {
		const args = json(form.bindingArguments, 'binding');
		const [kind, ...rest] = form.destination.split(' ');
		if (args && rest.length > 0) {
			act('binding', broker('POST', `bindings/${virtualHost}/e/${segment(form.source)}/${kind === 'queue' ? 'q' : 'e'}/${segment(rest.join(' '))}`,
				{ routing_key: routingKey, arguments: args }));
		}
	}

	function remove() {
		const [kind, ...rest] = form.remove.split(' ');
		const name = rest.join(' ');
		if (name && confirm(own.confirmRemove(name))) {
			act('remove', broker('DELETE', kind === 'queue' ? `queues/${virtualHost}/${segment(name)}` : exchangePath(name)));
		}
	}

	function publishing() {
		const headers = json(form.headers, 'publish');
		return headers && broker('POST', `${exchangePath(form.target)}/publish`, {
			properties: { delivery_mode: form.persistent ? 2 : 1, content_type: 'text/plain', headers },
			routing_key: form.key, payload: form.text, payload_encoding: 'string',
		});
	}

	function publish() {
		const request = publishing();
		if (request) {
			act('publish', request);
		}
	}

	function toggleRate() {
		if (sending) {
			clearInterval(sending);
			sending = undefined;
		}
		else {
			const rate = Math.min(HIGHEST_RATE, Math.max(1, Number(form.rate) || 1));
			form.rate = String(rate);
			let underWay = 0;
			sending = setInterval(async () => {
				const request = publishing();
				// A broker that is slow gets fewer.
				if (underWay < MOST_UNDER_WAY || !request) {
					underWay++;
					const answer = request ? await send(request) : { status: 400, body: own.noJson };
					underWay--;
					if (answer.status !== 200 && sending) {
						answers.set('publish', { ...answer, command: '' });
						toggleRate();
					}
				}
			}, 1000 / rate);
		}
		draw();
	}

	async function ask() {
		const headers = json(form.headers, 'publish');
		if (headers) {
			const answer = await act('route', broker('POST', `routes/${virtualHost}/${segment(exchangeSegment(form.target))}`,
				{ routing_key: form.key, headers }));
			route = answer.status === 200 ? answer.body : undefined;
			draw();
		}
	}

	async function importFile(event) {
		const [file] = event.target.files;
		if (file) {
			form.definitions = await file.text();
			draw();
		}
	}

	function importDefinitions() {
		const definitions = json(form.definitions, 'import');
		if (definitions) {
			act('import', broker('POST', `definitions/${virtualHost}`, definitions));
		}
	}

	function set(id, value) {
		form[id] = value;
		if (id === 'filter') {
			scene.scopeChanged();
		}
		draw();
	}

	const text = (id, label, type = 'text') => html`
		<label class="field"><span>${label}</span>
			<input type=${type} name=${id} autocomplete="off" .value=${form[id]} @input=${(event) => set(id, event.target.value)}></label>`;

	const area = (id, label) => html`
		<label class="field wide"><span>${label}</span>
			<textarea name=${id} rows="3" .value=${form[id]} @input=${(event) => set(id, event.target.value)}></textarea></label>`;

	const check = (id, label) => html`
		<label class="check"><input type="checkbox" name=${id} .checked=${form[id]} @change=${(event) => set(id, event.target.checked)}>
			<span>${label}</span></label>`;

	const select = (id, label, options) => html`
		<label class="field"><span>${label}</span>
			<select name=${id} @change=${(event) => set(id, event.target.value)}>${options.map(([value, shown]) => html`
				<option value=${value} .selected=${live(value === form[id])}>${shown}</option>`)}</select></label>`;

	/** A form with what the broker answered. */
	function panel(id, title, fields, action, run, more = nothing) {
		return html`
			<section class="card stack tight" aria-labelledby=${`${id}-title`}>
				<h2 id=${`${id}-title`}>${title}</h2>
				<form class="stack tight" data-form=${id} @submit=${(event) => { event.preventDefault(); run(); }}>
					<div class="fields">${fields}</div>
					<div class="row"><button class="button primary">${action}</button>${more}</div>
				</form>
				${answer(id)}
			</section>`;
	}

	function answer(id) {
		const given = answers.get(id);
		if (!given) {
			return nothing;
		}
		const good = given.status >= 200 && given.status < 300;
		const said = given.body?.reason ?? given.body?.detail ?? given.body;
		return html`<div class=${`answer notice ${good ? 'good' : 'bad'}`} data-status=${given.status}>
			<strong>${given.status === 0 ? texts.lesson.noAnswer : given.status}</strong>
			${said ? html`<span class="any">${typeof said === 'string' ? said : JSON.stringify(said)}</span>` : nothing}
			${given.command ? html`<br><code class="any">${given.command}</code>` : nothing}</div>`;
	}

	function view(part, hidden) {
		const { exchanges, queues } = scene.topology;
		const targets = exchanges.map(({ name, type }) => [name, name === '' ? texts.drawing.defaultExchange : `${name} (${type})`]);
		const sources = targets.filter(([name]) => name !== '');
		form.target = among(form.target, targets);
		form.source = among(form.source, sources);
		const destinations = [...queues.map(({ name }) => [`queue ${name}`, `${own.queue} ${name}`]),
			...sources.map(([name]) => [`exchange ${name}`, `${own.exchange} ${name}`])];
		form.destination = among(form.destination, destinations);
		const removable = destinations.filter(([value]) => !value.startsWith('exchange amq.'));
		form.remove = among(form.remove, removable);
		const written = writtenDown(scene.topology, form.export);
		return html`
			<div class="stack">
				<h1>${texts.site.playground}</h1>
				<p class="lead">${own.intro}</p>
			</div>
			<section class="card stage" aria-label=${texts.drawing.label}>
				<div class="fields">${text('filter', own.filter)}</div>
				${part.nodes.length === 0 ? html`<p class="muted">${own.nothing}</p>` : nothing}
				${hidden > 0 ? html`<p class="muted">${own.hidden(hidden)}</p>` : nothing}
				${streamNotice(scene, texts)}
				${drawingHost}
				${timeLine(player, log, scene, texts)}
				${totals(player.shown, texts)}
			</section>
			${chosen === undefined ? nothing : messagePanel(chosen, log.ofMessage(chosen), texts, () => {
				chosen = undefined;
				draw();
			})}
			<div class="columns">
				${panel('exchange', own.declareExchange, html`${text('exchange', own.name)}${select('type', own.type, TYPES.map((type) => [type, type]))}
					${check('exchangeDurable', own.durable)}`, own.declare, declareExchange)}
				${panel('queue', own.declareQueue, html`${text('queue', own.name)}${check('queueDurable', own.durable)}
					${text('ttl', own.ttl, 'number')}${text('maxLength', own.maxLength, 'number')}
					${text('deadLetterExchange', own.deadLetterExchange)}${text('deadLetterKey', own.deadLetterKey)}`, own.declare, declareQueue)}
				${panel('binding', own.bindTitle, html`${select('source', own.from, sources)}${select('destination', own.to, destinations)}
					${text('bindingKey', own.key)}${text('bindingArguments', own.arguments)}`, own.bind, bind)}
				${panel('publish', own.publishTitle, html`${select('target', own.exchange, targets)}${text('key', own.key)}
					${text('headers', own.headers)}${text('text', own.text)}${check('persistent', own.persistent)}
					${text('rate', own.rate, 'number')}`, own.publish, publish, html`
						<button type="button" class="button" data-action="rate" @click=${toggleRate}>${sending ? own.stop : own.start}</button>
						<button type="button" class="button" data-action="ask" @click=${ask}>${own.ask}</button>`)}
				${route ? whereTo() : nothing}
				${panel('remove', own.removeTitle, select('remove', own.what, removable), own.remove, remove)}
				${panel('import', own.importTitle, html`<label class="field"><span>${own.file}</span>
					<input type="file" accept=".json,application/json" @change=${importFile}></label>${area('definitions', own.definitions)}`,
				own.import, importDefinitions)}
			</div>
			<section class="card stack tight" aria-labelledby="export-title">
				<h2 id="export-title">${own.exportTitle}</h2>
				<div class="fields">${select('export', own.as, Object.keys(EXPORTS).map((kind) => [kind, own.exports[kind]]))}</div>
				<pre class="listing" tabindex="0" aria-labelledby="export-title" data-export=${form.export}><code>${written}</code></pre>
				<div class="row">
					<button class="button" @click=${async () => { await navigator.clipboard.writeText(written); say(texts.lesson.copied); }}>${texts.lesson.copy}</button>
					<button class="button" @click=${() => download(EXPORTS[form.export].file, written, 'text/plain')}>${own.download}</button>
				</div>
			</section>`;
	}

	function whereTo() {
		return html`
			<section class="card stack tight" aria-labelledby="route-title" data-route>
				<h2 id="route-title">${own.routeTitle}</h2>
				${route.queues.length === 0 ? html`<p class="notice warn">${own.nobody} ${route.reason}</p>` : html`
					<ul>${route.queues.map(({ queue, way }) => html`<li><strong class="any">${queue}</strong>
						${way.map((binding) => html`<br><span class="any">${own.because(binding)}</span>`)}</li>`)}</ul>`}
			</section>`;
	}

	draw();
	scene.run();
}
