import { html, render } from 'lit-html';

render(html`<h1>Warren</h1>`, document.querySelector('#page'));
