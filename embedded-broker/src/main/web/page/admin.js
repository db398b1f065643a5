import { html } from '../parts/html.js';
import { DefinitionsView } from './definitions.js';
import { LimitsView } from './limits.js';
import { PoliciesView } from './policies.js';
import { link, needs } from './show.js';
import { texts } from './texts.js';
import { UserView, UsersView } from './users.js';
import { VirtualHostsView } from './virtual-hosts.js';

/** The pages of the administration: by segment, who may see it, and its title. */
const PAGES = [
	['users', 'administrator', texts.users.title, UsersView],
	['virtual-hosts', 'management', texts.virtualHosts.title, VirtualHostsView],
	['policies', 'management', texts.policies.title, PoliciesView],
	['limits', 'administrator', texts.limits.title, LimitsView],
	['definitions', 'administrator', texts.definitions.title, DefinitionsView],
];

/** Finds the page of the administration, and puts the way to the others above it. */
export class Admin {

	constructor(page, [segment = 'users', ...names]) {
		const found = PAGES.find(([one]) => one === segment);
		if (!found || names.length > (segment === 'users' ? 1 : 0)) {
			return;
		}
		const [, tag, title, View] = found;
		const allowed = page.session.has(tag);
		const view = names.length > 0 && allowed ? new UserView(page, ...names) : allowed ? new View(page) : new Refused(page, tag, title);
		this.view = withNavigation(view, segment);
	}

}

/** What somebody sees who lacks the tag. */
class Refused {

	data = null;

	constructor(page, tag, title) {
		this.page = page;
		this.tag = tag;
		this.title = title;
	}

	async load() {
	}

	view() {
		return needs(this.page, this.tag);
	}

}

function withNavigation(view, current) {
	const own = view.view.bind(view);
	view.view = () => html`
		<nav class="tabs" aria-label=${texts.admin.navigation}><ul>${PAGES.map(([segment, , title]) => html`
			<li><a href=${link('admin', segment)} aria-current=${segment === current ? 'page' : 'false'}>${title}</a></li>`)}</ul></nav>
		${own()}`;
	return view;
}
