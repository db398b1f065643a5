/**
 * How the parts are: their health, the broker's rates and depths, and where their documents are.
 */

import { html, nothing, number, render } from '../parts/html.js';
import { Table } from '../parts/table.js';
import { Api } from '../parts/api.js';
import { brokerApi } from './requests.js';

const REFRESH = 3000;

/** After that, a part is not well. */
const PATIENCE = 5000;

export function show(host, { texts, settings }) {
	const own = texts.overview;
	const healths = new Map();
	let broker;
	let queues = [];

	const table = new Table({
		name: 'queues',
		caption: own.queues,
		texts: texts.table,
		changed: draw,
		key: ({ name }) => name,
		columns: [
			{ id: 'name', title: own.queue },
			{ id: 'messages_ready', title: own.ready, numeric: true },
			{ id: 'messages_unacknowledged', title: own.unacknowledged, numeric: true },
			{ id: 'consumers', title: own.consumers, numeric: true },
		],
	});

	async function look() {
		await Promise.all([
			...Object.keys(settings.services).map(async (service) => healths.set(service, await healthOf(service))),
			brokerApi.get('overview').then((answer) => { broker = answer; }, () => { broker = undefined; }),
			brokerApi.get(['queues', settings.virtualHost], {
				query: { columns: 'name,messages_ready,messages_unacknowledged,consumers' },
			}).then((answer) => { queues = answer; }, () => {}),
		]);
		draw();
		setTimeout(look, document.hidden ? 10 * REFRESH : REFRESH);
	}

	function draw() {
		render(view(), host);
	}

	const rate = (name) => number(broker.message_stats?.[`${name}_details`]?.rate ?? 0);

	function view() {
		return html`
			<h1>${texts.site.overview}</h1>
			<section class="card stack" aria-labelledby="broker">
				<h2 id="broker">${own.broker}</h2>
				${broker === undefined ? html`<p class="notice bad">${own.noBroker}</p>` : html`
					<p>${broker.product_name ?? 'RabbitMQ'} ${broker.rabbitmq_version}, <a href=${fromHere(settings.broker)}>${own.operate}</a></p>
					<dl class="stats">
						${stat(own.publishRate, rate('publish'))}
						${stat(own.deliverRate, rate('deliver_get'))}
						${stat(own.ackRate, rate('ack'))}
						${stat(own.ready, number(broker.queue_totals?.messages_ready ?? 0))}
						${stat(own.unacknowledged, number(broker.queue_totals?.messages_unacknowledged ?? 0))}
						${stat(own.connections, number(broker.object_totals?.connections ?? 0))}
					</dl>`}
			</section>
			<div class="columns">${Object.entries(settings.services).map(([service, address]) => serviceCard(service, address))}</div>
			<section class="card">${table.view(queues)}</section>`;
	}

	const stat = (name, value) => html`<div class="stat"><dt>${name}</dt><dd>${value}</dd></div>`;

	function serviceCard(service, address) {
		const health = healths.get(service);
		const isUp = health?.status === 'UP';
		return html`
			<section class="card stack tight" data-service=${service} aria-labelledby=${`service-${service}`}>
				<div class="row spread">
					<h2 id=${`service-${service}`}>${own.service(service)}</h2>
					<span class=${`badge ${health === undefined ? '' : isUp ? 'good' : 'bad'}`}>${health?.status ?? '…'}</span>
				</div>
				${health?.reason ? html`<p class="any">${health.reason}</p>` : nothing}
				<p>${own.at} <code>${address}</code></p>
				<ul class="links">
					<li><a href=${fromHere(`${address}/swagger-ui.html`)}>${own.api}</a></li>
					<li><a href=${`/${service}/v3/api-docs`}>${own.openApi}</a></li>
					<li><a href=${`/${service}/actuator/prometheus`}>${own.metrics}</a></li>
					<li><a href=${`/${service}/actuator/health`}>${own.health}</a></li>
				</ul>
			</section>`;
	}

	draw();
	look();
}

/** An address as it is for whoever reads the page: what is local for the console is where the page came from. */
function fromHere(address) {
	const url = new URL(address);
	if (url.hostname === 'localhost') {
		url.hostname = location.hostname;
	}
	return url.href;
}

/** A service that is DOWN says so with the status 503, and why. */
async function healthOf(service) {
	try {
		const response = await fetch(new Api(`/${service}`).address('actuator/health'), { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
		const { status, components } = await response.json();
		const reason = components?.broker?.details?.error ?? components?.broker?.details?.reason;
		return { status: typeof status === 'string' ? status : 'DOWN', reason };
	}
	catch {
		return { status: 'DOWN' };
	}
}
