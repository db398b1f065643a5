import { bytes, html, nothing } from '../parts/html.js';
import { channelColumns } from './channels.js';
import { form } from './dialogs.js';
import { ListView, localTable } from './list.js';
import { entries, facts, field, link, badge, time, yesNo } from './show.js';
import { texts } from './texts.js';

const T = texts.connections;

export class ConnectionsView extends ListView {

	constructor(page) {
		super(page, T.title, () => (page.virtualHost === '' ? ['connections'] : ['vhosts', page.virtualHost, 'connections']), {
			name: 'connections',
			key: ({ name }) => name,
			texts: { empty: T.empty },
			columns: [
				{ id: 'name', title: texts.name, show: connectionLink },
				{ id: 'vhost', title: texts.virtualHost, minor: true },
				{ id: 'user', title: T.user },
				{ id: 'state', title: T.state, show: ({ state }) => badge(state, state === 'running' ? 'good' : 'warn') },
				{ id: 'ssl', title: T.tls, minor: true, show: ({ ssl }) => yesNo(ssl) },
				{ id: 'channels', title: T.channels, numeric: true },
				{ id: 'recv_oct_details.rate', title: T.received, numeric: true, minor: true, show: ({ recv_oct_details: one }) => traffic(one) },
				{ id: 'send_oct_details.rate', title: T.sent, numeric: true, minor: true, show: ({ send_oct_details: one }) => traffic(one) },
			],
		});
	}

}

function traffic(details) {
	return texts.perSecond(bytes(details?.rate ?? 0));
}

function connectionLink({ name, user_provided_name: given }) {
	return html`<a href=${link('connections', name)}>${name}</a>${given ? html`<br><span class="small muted">${given}</span>` : nothing}`;
}

export class ConnectionView {

	data = undefined;

	crumbs = [[T.title, link('connections')]];

	constructor(page, name) {
		this.page = page;
		this.title = name;
		this.name = name;
		this.channels = localTable(page, {
			name: 'channels', caption: texts.channels.title, key: (row) => row.name, columns: channelColumns(false),
			texts: { empty: texts.channels.empty },
		});
	}

	async load(signal) {
		const [connection, channels] = await Promise.all([
			this.page.api.get(['connections', this.name], { signal }),
			this.page.api.get(['connections', this.name, 'channels'], { signal }),
		]);
		this.data = { connection, channels };
	}

	view() {
		const { connection: one, channels } = this.data;
		return html`
			<section class="card">
				${facts([
					[T.client, one.user_provided_name],
					[T.user, one.user],
					[texts.virtualHost, one.vhost],
					[T.state, one.state],
					[T.since, time(one.connected_at)],
					[T.protocol, one.protocol],
					[T.tls, one.ssl ? [one.ssl_protocol, one.ssl_cipher].filter(Boolean).join(', ') : texts.no],
					[T.certificate, one.peer_cert_subject],
					[T.mechanism, one.auth_mechanism],
					[T.heartbeat, T.seconds(one.timeout)],
					[T.frameMax, bytes(one.frame_max)],
					[T.channelMax, one.channel_max],
					[T.received, `${bytes(one.recv_oct)}, ${traffic(one.recv_oct_details)}`],
					[T.sent, `${bytes(one.send_oct)}, ${traffic(one.send_oct_details)}`],
				])}
				<details><summary>${T.properties}</summary>${entries(one.client_properties)}</details>
				<div class="row"><button type="button" class="danger" @click=${() => this.#close()}>${T.close}</button></div>
			</section>
			<section class="card"><h2>${texts.channels.title}</h2>${this.channels.view(channels)}</section>`;
	}

	async #close() {
		const done = await form({
			title: T.closeTitle(this.name),
			text: T.closeText,
			action: T.close,
			danger: true,
			fields: () => field(T.reason, html`<input name="reason" value=${T.reasonDefault} autocomplete="off">`),
			submit: (data) => this.page.api.delete(['connections', this.name],
				{ headers: { 'X-Reason': data.get('reason').replace(/[^\x20-\x7e]/g, '?') } }),
		});
		if (done) {
			this.page.go(link('connections'), T.closed(this.name));
		}
	}

}

