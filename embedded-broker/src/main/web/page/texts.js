// The language of the page; each is one file.
export { texts } from './texts/en.js';
