// Opens the API page of each service of a running suite in Chromium, the way a reader does: from the page at the root,
// with nothing typed but what the page offers. Sends the first call and expects its status.
const { chromium } = require('playwright-core');

const calls = [
	[8081, 'POST', '/messages', '202'],
	[8082, 'POST', '/tasks', '202'],
	[8083, 'POST', '/logs/fanout', '202'],
	[8084, 'GET', '/fibonacci/{n}', '200'],
	[8085, 'POST', '/letters', '202'],
];

async function call(page, port, method, path, status) {
	await page.goto(`http://localhost:${port}/`);
	await page.getByRole('link', { name: 'Try the API' }).click();
	const operation = page.locator(`.opblock-${method.toLowerCase()}`,
		{ has: page.locator(`.opblock-summary-path[data-path="${path}"]`) });
	await operation.locator('.opblock-summary').click();
	await operation.getByRole('button', { name: 'Try it out' }).click();
	if (method === 'POST') {
		const text = await operation.locator('textarea').inputValue();
		if (!text) {
			throw new Error(`${port} ${path}: there is no example`);
		}
	}
	await operation.getByRole('button', { name: 'Execute' }).click();
	const answered = await operation.locator('.live-responses-table .response-col_status').last().innerText();
	if (!answered.startsWith(status)) {
		throw new Error(`${port} ${method} ${path}: ${answered} instead of ${status}`);
	}
	console.log(`${port} ${method} ${path}: ${status}`);
}

async function main() {
	const offset = Number(process.argv[2] || 0);
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
		args: ['--no-sandbox'],
	});
	try {
		const page = await browser.newPage();
		for (const [port, ...first] of calls) {
			await call(page, port + offset, ...first);
		}
	}
	finally {
		await browser.close();
	}
}

main().catch((error) => {
	console.error(error);
	process.exit(1);
});
