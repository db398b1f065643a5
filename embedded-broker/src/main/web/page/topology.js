import { Drawing } from '../parts/drawing.js';
import { createRef, html, ref } from '../parts/html.js';
import { exchangeSegment, partOf, readTopology } from '../parts/topology.js';
import { bindingsTable } from './bindings.js';
import { link } from './show.js';
import { texts } from './texts.js';

const T = texts.topology;

/** More of them nobody can read. */
const MOST_DRAWN = 80;

/** Exchanges, queues, consumers and the bindings between them, drawn; and all bindings as a list. */
export class TopologyView {

	title = T.title;

	data = undefined;

	ofVirtualHost = true;

	#host = createRef();

	#drawing = null;

	constructor(page) {
		this.page = page;
		this.table = bindingsTable(page, 'bindings', texts.bindings.title, { isRemote: true });
	}

	async load(signal) {
		const virtualHost = this.page.virtualHost || this.page.virtualHosts[0];
		const [topology, bindings] = await Promise.all([
			virtualHost === undefined ? null : this.#read(virtualHost, signal),
			this.page.api.get(this.page.ofVirtualHost('bindings'), { query: this.table.query(), signal }),
		]);
		this.data = { virtualHost, topology, bindings };
	}

	/** Null if there is too much of it. */
	async #read(virtualHost, signal) {
		const { api } = this.page;
		const { total_count: queues } = await api.get(['queues', virtualHost], { query: { page: 1, page_size: 1, columns: 'name' }, signal });
		const topology = queues <= MOST_DRAWN ? await readTopology(api, virtualHost) : null;
		return topology !== null && part(topology).nodes.length <= MOST_DRAWN ? topology : null;
	}

	view() {
		const { virtualHost, topology, bindings } = this.data;
		return html`
			<section class="card"><h2>${T.drawn(virtualHost ?? '')}</h2>
				${topology === null ? html`<p class="muted">${T.tooMuch(MOST_DRAWN)}</p>`
					: html`<p class="muted">${T.hint}</p><div class="scroller drawn" role="region" tabindex="0" aria-label=${T.drawn(virtualHost ?? '')} ${ref(this.#host)}></div>`}
			</section>
			<section class="card"><h2>${texts.bindings.title}</h2><p class="muted">${texts.bindings.default}</p>${this.table.view(bindings)}</section>`;
	}

	drawn() {
		const host = this.#host.value;
		if (!host || !this.data?.topology) {
			return;
		}
		if (this.#drawing?.host !== host) {
			this.#drawing = { host, drawing: new Drawing(host, T.drawing, () => {}, (node) => this.#open(node)) };
		}
		const { drawing } = this.#drawing;
		drawing.draw(part(this.data.topology));
		drawing.show(state(this.data.topology), () => ({ label: '', classes: '' }));
	}

	#open(node) {
		const { virtualHost } = this.data;
		this.page.go(node.kind === 'exchange' ? link('exchanges', virtualHost, exchangeSegment(node.name))
			: link('queues', virtualHost, node.queue ?? node.name));
	}

}

/** Exchanges of every broker that nothing is bound to are left out, and so is the default one, to which all is. */
function part(topology) {
	const used = new Set(topology.bindings.flatMap((one) => [one.source, one.toExchange ? one.destination : one.source]));
	const isShown = (name) => name !== '' && (used.has(name) || !name.startsWith('amq.'));
	return partOf(topology, { exchange: isShown, queue: () => true }, new Map());
}

/** How many messages are where; not which, as the management API does not say. */
function state({ queues }) {
	const counts = new Map(queues.map((queue) => [queue.name, queue]));
	return {
		queues: new Map(),
		ready: (name) => counts.get(name)?.ready ?? 0,
		unacknowledged: (name) => counts.get(name)?.unacknowledged ?? 0,
		heldBy: () => [],
	};
}

