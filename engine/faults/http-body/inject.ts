import { injectHttp } from '../http-match/inject-http.ts';
import type { HttpBodyParameters } from './stage.ts';

export const injectHttpBody = injectHttp<HttpBodyParameters>('http-body', {
  did: 'answered with a body that the edge had changed',
});
