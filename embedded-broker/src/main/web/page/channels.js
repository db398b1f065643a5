import { html, nothing } from '../parts/html.js';
import { consumersTable } from './consumers.js';
import { ListView } from './list.js';
import { badge, facts, link, rate } from './show.js';
import { texts } from './texts.js';

const T = texts.channels;

export function channelColumns(withUser) {
	return [
		{ id: 'name', title: T.one, show: ({ name }) => html`<a href=${link('channels', name)}>${name}</a>` },
		withUser ? { id: 'user', title: T.user, minor: true } : null,
		{ id: 'mode', title: T.mode, sortable: false, minor: true, show: mode },
		{ id: 'consumer_count', title: T.consumers, numeric: true },
		{ id: 'prefetch_count', title: T.prefetch, numeric: true, minor: true, show: ({ prefetch_count: count }) => count || T.unlimited },
		{ id: 'messages_unacknowledged', title: T.unacknowledged, numeric: true },
		{ id: 'messages_unconfirmed', title: T.unconfirmed, numeric: true, minor: true },
		{ id: 'message_stats.publish_details.rate', title: T.publish, numeric: true, minor: true, show: (row) => rate(row.message_stats?.publish_details) },
		{ id: 'message_stats.deliver_get_details.rate', title: T.deliver, numeric: true, minor: true, show: (row) => rate(row.message_stats?.deliver_get_details) },
		{ id: 'message_stats.ack_details.rate', title: T.acknowledge, numeric: true, minor: true, show: (row) => rate(row.message_stats?.ack_details) },
	].filter(Boolean);
}

function mode({ confirm, transactional }) {
	return [confirm ? badge(T.confirms) : nothing, transactional ? badge(T.transactional) : nothing];
}

export class ChannelsView extends ListView {

	constructor(page) {
		super(page, T.title, () => (page.virtualHost === '' ? ['channels'] : ['vhosts', page.virtualHost, 'channels']), {
			name: 'channels', key: ({ name }) => name, columns: channelColumns(true), texts: { empty: T.empty },
		});
	}

}

export class ChannelView {

	data = undefined;

	crumbs = [[T.title, link('channels')]];

	constructor(page, name) {
		this.page = page;
		this.title = name;
		this.name = name;
		this.consumers = consumersTable(page);
	}

	async load(signal) {
		this.data = await this.page.api.get(['channels', this.name], { signal });
	}

	view() {
		const one = this.data;
		const stats = one.message_stats ?? {};
		return html`
			<section class="card">${facts([
				[T.connection, html`<a href=${link('connections', one.connection_details.name)}>${one.connection_details.name}</a>`],
				[T.number, one.number],
				[T.user, one.user],
				[texts.virtualHost, one.vhost],
				[T.mode, one.confirm || one.transactional ? mode(one) : nothing],
				[T.prefetch, one.prefetch_count || T.unlimited],
				[T.globalPrefetch, one.global_prefetch_count],
				[T.unacknowledged, one.messages_unacknowledged],
				[T.unconfirmed, one.messages_unconfirmed],
				[T.uncommitted, one.messages_uncommitted],
				[T.publish, rate(stats.publish_details)],
				[T.deliver, rate(stats.deliver_get_details)],
				[T.acknowledge, rate(stats.ack_details)],
			])}</section>
			<section class="card"><h2>${texts.consumers.title}</h2>${this.consumers.view(one.consumer_details)}</section>`;
	}

}
