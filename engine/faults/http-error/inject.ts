import { injectHttp } from '../http-match/inject-http.ts';
import type { HttpErrorParameters } from './stage.ts';

export const injectHttpError = injectHttp<HttpErrorParameters>('http-error', {
  did: 'answered with an error by the edge',
});
