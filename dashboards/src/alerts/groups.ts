import type { Group } from './alert.js';
import { delay } from './delay.js';
import { delivery } from './delivery.js';
import { errors } from './errors.js';
import { intake } from './intake.js';
import { silence } from './silence.js';
import { store } from './store.js';

/** All alerts. A new one is added to the group that it belongs to, a new group here. */
export const groups: Group[] = [errors, silence, delay, intake, delivery, store];
