import { html } from '../parts/html.js';
import { localTable } from './list.js';
import { link, yesNo } from './show.js';
import { texts } from './texts.js';

const T = texts.consumers;

export function consumersTable(page, { queue: withQueue = true } = {}) {
	return localTable(page, {
		name: 'consumers',
		caption: T.title,
		texts: { empty: T.empty },
		key: (row) => `${row.channel_details.name} ${row.consumer_tag}`,
		columns: [
			{ id: 'consumer_tag', title: T.tag },
			withQueue ? { id: 'queue.name', title: T.queue, show: ({ queue }) => html`<a href=${link('queues', queue.vhost, queue.name)}>${queue.name}</a>` } : null,
			{ id: 'channel_details.name', title: T.channel, show: ({ channel_details: { name } }) => html`<a href=${link('channels', name)}>${name}</a>` },
			{ id: 'ack_required', title: T.acknowledges, minor: true, show: (row) => yesNo(row.ack_required) },
			{ id: 'prefetch_count', title: T.prefetch, numeric: true, show: (row) => row.prefetch_count || texts.channels.unlimited },
			{ id: 'exclusive', title: T.exclusive, minor: true, show: (row) => yesNo(row.exclusive) },
			{ id: 'activity_status', title: T.status, minor: true, show: (row) => T.statuses[row.activity_status] ?? row.activity_status },
		].filter(Boolean),
	});
}
