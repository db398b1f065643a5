import { bytes, html, nothing, number } from '../parts/html.js';
import { SAMPLES, chart, rates, values } from './chart.js';
import { localTable } from './list.js';
import { badge, duration, facts, link, rate, yesNo } from './show.js';
import { texts } from './texts.js';

const T = texts.overview;

export class OverviewView {

	title = T.title;

	data = undefined;

	constructor(page) {
		this.page = page;
		this.listeners = localTable(page, {
			name: 'listeners',
			caption: T.listeners,
			key: (row) => `${row.protocol} ${row.port}`,
			columns: [
				{ id: 'protocol', title: T.protocol },
				{ id: 'ip_address', title: T.address },
				{ id: 'port', title: T.port, numeric: true, show: ({ port }) => String(port) },
				{ id: 'tls', title: T.tls, show: ({ tls }) => yesNo(tls) },
			],
		});
	}

	async load(signal) {
		const monitoring = this.page.session.has('monitoring');
		const [overview, nodes, deprecated] = await Promise.all([
			this.page.api.get(['overview'], { query: SAMPLES, signal }),
			monitoring ? this.page.api.get(['nodes'], { signal }) : [],
			this.page.api.get(['deprecated-features', 'used'], { signal }),
		]);
		this.data = { overview, nodes, deprecated };
	}

	view() {
		const { overview, nodes, deprecated } = this.data;
		const { queue_totals: queues, object_totals: objects, message_stats: stats } = overview;
		return html`
			${nodes.map((node) => html`
				${node.mem_alarm ? html`<p class="notice bad" role="alert">${T.memoryAlarm}</p>` : nothing}
				${node.disk_free_alarm ? html`<p class="notice bad" role="alert">${T.diskAlarm}</p>` : nothing}`)}
			<nav aria-label=${T.totals}><ul class="plain stats">
				${[
					[T.ready, queues.messages_ready, link('queues')],
					[T.unacknowledged, queues.messages_unacknowledged, link('queues')],
					[T.connections, objects.connections, link('connections')],
					[T.channels, objects.channels, link('channels')],
					[T.consumers, objects.consumers, link('queues')],
					[T.exchanges, objects.exchanges, link('exchanges')],
					[T.queues, objects.queues, link('queues')],
				].map(([label, value, address]) => html`
					<li><a class="stat" href=${address}><span class="label">${label}</span><span class="value">${number(value)}</span></a></li>`)}
			</ul></nav>
			<div class="columns">
				<section class="card">${chart(T.depth, [
					{ name: T.ready, values: values(queues.messages_ready_details), last: number(queues.messages_ready) },
					{ name: T.unacknowledged, values: values(queues.messages_unacknowledged_details), last: number(queues.messages_unacknowledged) },
				])}</section>
				<section class="card">${stats ? chart(T.rates, [
					rateOf(T.published, stats.publish_details),
					rateOf(T.delivered, stats.deliver_get_details),
					rateOf(T.acknowledged, stats.ack_details),
				]) : html`<h2>${T.rates}</h2><p class="muted">${T.noRates}</p>`}
				${stats ? html`<ul class="legend plain row">${[
					[T.confirmed, stats.confirm_details],
					[T.redelivered, stats.redeliver_details],
					[T.returned, stats.return_unroutable_details],
					[T.dropped, stats.drop_unroutable_details],
				].map(([label, details]) => html`<li>${label} <strong>${rate(details) || texts.perSecond(0)}</strong></li>`)}</ul>` : nothing}
				</section>
			</div>
			${nodes.map((node) => this.#node(node, overview))}
			${overview.listeners ? html`<section class="card"><h2>${T.listeners}</h2>${this.listeners.view(overview.listeners)}</section>` : nothing}
			<section class="card"><h2>${T.deprecated}</h2>
				${deprecated.length === 0 ? html`<p class="muted">${T.noDeprecated}</p>` : html`<ul>${deprecated.map((one) => html`
					<li><strong>${one.name}</strong> (${one.deprecation_phase}): ${one.desc}</li>`)}</ul>`}
			</section>`;
	}

	#node(node, overview) {
		const alarms = [node.mem_alarm ? badge(T.memory, 'bad') : nothing, node.disk_free_alarm ? badge(T.disk, 'bad') : nothing];
		return html`
			<section class="card"><h2>${T.node} ${node.name}</h2>
				${facts([
					[T.version, overview.rabbitmq_version],
					[T.runtime, overview.erlang_full_version],
					[T.cluster, overview.cluster_name],
					[T.uptime, duration(node.uptime)],
					[T.memory, T.of(bytes(node.mem_used), bytes(node.mem_limit))],
					[T.disk, node.db_dir === 'memory' ? nothing : T.above(bytes(node.disk_free), bytes(node.disk_free_limit))],
					[T.files, T.of(number(node.fd_used), number(node.fd_total))],
					[T.threads, number(node.proc_used)],
					[T.store, node.db_dir === 'memory' ? T.inMemory : html`<span class="any">${node.db_dir}</span>`],
					[T.alarms, node.mem_alarm || node.disk_free_alarm ? alarms : badge(T.noAlarms, 'good')],
				])}
			</section>`;
	}

}

export function rateOf(name, details) {
	return { name, values: rates(details), last: rate(details) };
}
