/**
 * The lessons, in the order in which they are to be read.
 */

import hello from './hello.js';

export const LESSONS = [hello];
