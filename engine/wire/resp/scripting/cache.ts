export class ScriptCache {
  timeLimitMs = 5000;
}
