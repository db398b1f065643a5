/**
 * Finds out which page this is, and shows it.
 */

import { html, render } from '../parts/html.js';
import { Api } from '../parts/api.js';
import { useVirtualHost } from './requests.js';
import texts from './texts/en.js';
import { LESSONS } from './lessons/index.js';

const PAGES = {
	'': () => import('./home.js'),
	overview: () => import('./overview.js'),
	playground: () => import('./playground.js'),
	lessons: () => import('./lesson.js'),
};

const [, name, lessonId] = location.pathname.split('/');

const lesson = LESSONS.find(({ id }) => id === lessonId);

const link = (href, title, current) => html`
	<li><a href=${href} aria-current=${current ? 'page' : 'false'}>${title}</a></li>`;

render(html`
	<header class="topbar">
		<div>
			<a class="brand" href="/">
				<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" d="M7 2c1.6 0 2.4 3.4 2.6 6.2a8 8 0 0 1 4.8 0C14.6 5.4 15.4 2 17 2c2 0 1.6 5.6.2 8.4A7 7 0 0 1 19 15c0 4-3.1 7-7 7s-7-3-7-7a7 7 0 0 1 1.8-4.6C5.4 7.6 5 2 7 2Zm2.5 11.2a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4Zm5 0a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4Z"/></svg>
				${texts.site.name}
			</a>
			<nav class="tabs" aria-label=${texts.site.lessons}>
				<ul>
					${LESSONS.map(({ id }) => link(`/lessons/${id}`, texts.lessons[id].short, id === lesson?.id))}
					${link('/playground', texts.site.playground, name === 'playground')}
					${link('/overview', texts.site.overview, name === 'overview')}
				</ul>
			</nav>
		</div>
	</header>
	<main class="page" id="content" tabindex="-1"></main>`, document.getElementById('page'));

// What stays in sight below it must know how high it is, and on a narrow page the current one is to be seen.
const topbar = document.querySelector('.topbar');
new ResizeObserver(() => document.documentElement.style.setProperty('--topbar', `${topbar.offsetHeight}px`)).observe(topbar);
document.querySelector('.tabs [aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

document.title = `${lesson ? texts.lessons[lesson.id].title : texts.site[name] ?? texts.site.name} · Warren`;

const content = document.getElementById('content');
const settings = await settingsOf();
useVirtualHost(settings.virtualHost);
// An address that leads nowhere leads to the beginning.
const page = await ((name === 'lessons' && !lesson ? undefined : PAGES[name]) ?? PAGES[''])();
page.show(content, { settings, texts, lesson });

/** Asks until there is an answer: without it no page can be shown. */
async function settingsOf() {
	for (;;) {
		try {
			return await new Api().get('/settings');
		}
		catch {
			render(html`<p class="notice bad" role="alert">${texts.site.noAnswer}</p>`, content);
			await new Promise((resolve) => setTimeout(resolve, 1000));
		}
	}
}
