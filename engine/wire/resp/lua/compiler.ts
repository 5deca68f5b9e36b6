import { Lexer, type Token } from './lexer.ts';
import { type FunctionScope, functionScope, resolve } from './scope.ts';

/** An expression in JavaScript. `several`: its value is a result of a call, maybe an array. */
interface Expression {
  code: string;
  kind: 'value' | 'several' | 'local' | 'boolean' | 'constant' | 'index' | 'global';
  /** How messages call it. */
  what: string;
  /** Of an index: container and key. */
  container: string;
  containerWhat: string;
  key: string;
}

const expression = (code: string, kind: Expression['kind'] = 'value', what = ''): Expression => ({
  code,
  kind,
  what,
  container: '',
  containerWhat: '',
  key: '',
});

/** Lua's own limit for nested constructs. */
const MAX_LEVELS = 200;
const MAX_LOCALS = 200;

const priorities: Record<string, [left: number, right: number]> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
  '^': [10, 9],
};
const UNARY_PRIORITY = 8;

const operatorNames: Record<string, string> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
  '^': 'power',
  '..': 'concat',
};
const comparisonNames: Record<string, string> = {
  '<': 'less',
  '>': 'greater',
  '<=': 'lessOrEqual',
  '>=': 'greaterOrEqual',
};

const BURN = 'if(--fuel.left<0)fuel.out();';

/** Whether a global variable, or a field of a library, is the same for all runs, the same for one run, or may be missing. */
export type Lasting = (name: string, field?: string) => 'always' | 'for a run' | 'unknown';

/**
 * A Lua 5.1 chunk as the body of a function of JavaScript, with each statement on the line it has in its source. Whatever
 * the chunk names becomes a name of ours or a string, so it reaches nothing but the operators and the global table. With
 * `mayYield` its functions are generators, for coroutines. What is `lasting` is looked up once. Throws a `LuaSyntaxError`.
 */
export function compileToSource(source: string, chunk: string, mayYield: boolean, lasting: Lasting): string {
  return new Compiler(source, chunk, mayYield, lasting).chunk();
}

class Compiler {
  readonly #lexer: Lexer;
  readonly #mayYield: boolean;
  readonly #lasting: Lasting;
  /** Names of JavaScript for what is looked up once: with the chunk, or with each of its runs. */
  readonly #held = { always: new Map<string, string>(), 'for a run': new Map<string, string>() };
  #token: Token;
  #ahead: Token | null = null;
  #lastLine = 1;
  #scope: FunctionScope = functionScope(null, true);
  #names = 0;
  #levels = 0;

  constructor(source: string, chunk: string, mayYield: boolean, lasting: Lasting) {
    this.#lexer = new Lexer(source, chunk);
    this.#mayYield = mayYield;
    this.#lasting = lasting;
    this.#token = this.#lexer.next();
  }

  chunk(): string {
    const body = this.#block();
    if (this.#token.kind !== 'end') this.#expected('<eof>');
    const run = this.#functionCode('...rest', `${lookUps(this.#held['for a run'])}${body}`);
    return placeLines(`${lookUps(this.#held.always)}return ${run};`);
  }

  // Tokens

  #advance(): Token {
    const token = this.#token;
    this.#lastLine = token.line;
    this.#token = this.#ahead ?? this.#lexer.next();
    this.#ahead = null;
    return token;
  }

  #peek(): Token {
    this.#ahead ??= this.#lexer.next();
    return this.#ahead;
  }

  #is(text: string): boolean {
    return this.#token.text === text && (this.#token.kind === 'symbol' || this.#token.kind === 'keyword');
  }

  #accept(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#advance();
    return true;
  }

  #fail(message: string): never {
    this.#lexer.line = this.#token.line;
    return this.#lexer.fail(message, this.#token.text);
  }

  #expected(text: string): never {
    return this.#fail(`'${text}' expected`);
  }

  #expect(text: string): void {
    if (!this.#accept(text)) this.#expected(text);
  }

  /** The end of what began with another word. */
  #close(text: string, opened: string, line: number): void {
    if (this.#accept(text)) return;
    if (line === this.#token.line) this.#expected(text);
    this.#fail(`'${text}' expected (to close '${opened}' at line ${line})`);
  }

  #name(): string {
    if (this.#token.kind !== 'name') this.#fail('<name> expected');
    return this.#advance().text;
  }

  #deeper<T>(act: () => T): T {
    this.#levels += 1;
    if (this.#levels > MAX_LEVELS) {
      this.#lexer.line = this.#token.line;
      this.#lexer.fail('chunk has too many syntax levels', '');
    }
    const result = act();
    this.#levels -= 1;
    return result;
  }

  // Names

  #unique(name: string): string {
    this.#names += 1;
    return `${name}$${this.#names}`;
  }

  #temporary(): string {
    const name = this.#unique('t');
    this.#scope.temporaries.push(name);
    return name;
  }

  #declare(name: string): string {
    const block = this.#scope.blocks[this.#scope.blocks.length - 1] as Map<string, string>;
    if (block.size >= MAX_LOCALS)
      this.#fail(`function at line ${this.#lastLine} has more than ${MAX_LOCALS} local variables`);
    const code = this.#unique(name);
    block.set(name, code);
    return code;
  }

  // Statements

  #block(): string {
    this.#scope.blocks.push(new Map());
    let code = '';
    while (!this.#endsBlock()) {
      const isLast = this.#is('return') || this.#is('break');
      code += this.#deeper(() => this.#statement());
      this.#accept(';');
      if (isLast) break;
    }
    this.#scope.blocks.pop();
    return code;
  }

  #endsBlock(): boolean {
    const { kind, text } = this.#token;
    return kind === 'end' || (kind === 'keyword' && ['else', 'elseif', 'end', 'until'].includes(text));
  }

  #statement(): string {
    const { line } = this.#token;
    return `${lineMark(line)}${this.#token.kind === 'keyword' ? this.#keywordStatement(line) : this.#expressionStatement()}`;
  }

  #keywordStatement(line: number): string {
    switch (this.#token.text) {
      case 'if':
        return this.#if(line);
      case 'while': {
        this.#advance();
        const condition = this.#condition(this.#expression());
        this.#expect('do');
        return `while(${condition}){${BURN}${this.#loopBody('while', line)}}`;
      }
      case 'do': {
        this.#advance();
        const body = this.#block();
        this.#close('end', 'do', line);
        return `{${body}}`;
      }
      case 'for':
        return this.#for(line);
      case 'repeat':
        return this.#repeat(line);
      case 'function':
        return this.#functionStatement(line);
      case 'local':
        this.#advance();
        return this.#accept('function') ? this.#localFunction(line) : this.#local();
      case 'return':
        return this.#return();
      case 'break':
        this.#advance();
        if (this.#scope.loops === 0) this.#fail('no loop to break');
        return 'break;';
      default:
        return this.#expressionStatement();
    }
  }

  #loopBody(opened: string, line: number): string {
    this.#scope.loops += 1;
    const body = this.#block();
    this.#scope.loops -= 1;
    this.#close('end', opened, line);
    return body;
  }

  #if(line: number): string {
    this.#advance();
    let code = `if(${this.#condition(this.#expression())}){`;
    this.#expect('then');
    code += `${this.#block()}}`;
    for (;;) {
      if (this.#accept('elseif')) {
        code += `else if(${this.#condition(this.#expression())}){`;
        this.#expect('then');
        code += `${this.#block()}}`;
      } else if (this.#accept('else')) {
        code += `else{${this.#block()}}`;
        this.#close('end', 'if', line);
        return code;
      } else {
        this.#close('end', 'if', line);
        return code;
      }
    }
  }

  /** The condition sees the variables of the body. */
  #repeat(line: number): string {
    this.#advance();
    this.#scope.loops += 1;
    this.#scope.blocks.push(new Map());
    let body = '';
    let ends = false;
    while (!this.#endsBlock() && !ends) {
      ends = this.#is('return') || this.#is('break');
      body += this.#deeper(() => this.#statement());
      this.#accept(';');
    }
    this.#close('until', 'repeat', line);
    const condition = this.#condition(this.#expression());
    this.#scope.blocks.pop();
    this.#scope.loops -= 1;
    return `for(;;){${BURN}${body}${ends ? '' : `if(${condition})break;`}}`;
  }

  #for(line: number): string {
    this.#advance();
    const name = this.#name();
    if (this.#accept('=')) return this.#numericFor(name, line);
    const names = [name];
    while (this.#accept(',')) names.push(this.#name());
    this.#expect('in');
    const walk = this.#unique('w');
    const [iterate, state, control] = [this.#unique('f'), this.#unique('s'), this.#unique('c')];
    const values = this.#adjusted(this.#expressions(), [iterate, state, control]);
    this.#expect('do');
    this.#scope.blocks.push(new Map());
    const declared = names.map((each) => this.#declare(each));
    const taken = declared.map((each, i) => `${each}=${walk}.${['a', 'b'][i] ?? `more(${i})`}`).join(',');
    const body = this.#loopBody('for', line);
    this.#scope.blocks.pop();
    return `{${values}for(const ${walk}=walk(${iterate},${state},${control});${walk}.step();){${BURN}let ${taken};${body}}}`;
  }

  #numericFor(name: string, line: number): string {
    const [at, end, by] = [this.#unique('i'), this.#unique('e'), this.#unique('b')];
    const start = this.#single(this.#expression());
    this.#expect(',');
    const limit = this.#single(this.#expression());
    const step = this.#accept(',') ? this.#single(this.#expression()) : '1';
    this.#expect('do');
    this.#scope.blocks.push(new Map());
    const variable = this.#declare(name);
    const body = this.#loopBody('for', line);
    this.#scope.blocks.pop();
    const test = step === '1' ? `${at}<=${end}` : `(${by}>0?${at}<=${end}:${at}>=${end})`;
    return `{const ${[`s$${at}=forStart(${start})`, `${end}=forLimit(${limit})`, `${by}=forStep(${step})`].join(',')};for(let ${at}=s$${at};${test};${at}+=${by}){${BURN}let ${variable}=${at};${body}}}`;
  }

  #functionStatement(line: number): string {
    this.#advance();
    const name = this.#name();
    let target = this.#variable(name);
    while (this.#is('.') || this.#is(':')) {
      const isMethod = this.#advance().text === ':';
      const key = this.#name();
      target = this.#indexed(target, JSON.stringify(key), `field '${key}'`);
      if (isMethod) return this.#assign(target, this.#function(line, true));
    }
    return this.#assign(target, this.#function(line, false));
  }

  #localFunction(line: number): string {
    const code = this.#declare(this.#name());
    return `let ${code};${code}=${this.#function(line, false)};`;
  }

  #local(): string {
    const names = [this.#name()];
    while (this.#accept(',')) names.push(this.#name());
    const values = this.#accept('=') ? this.#expressions() : [];
    // They are not in scope before their values are.
    const targets = names.map((name) => [name, this.#unique(name)] as const);
    const code = this.#adjusted(
      values,
      targets.map(([, each]) => each),
    );
    const block = this.#scope.blocks[this.#scope.blocks.length - 1] as Map<string, string>;
    for (const [name, each] of targets) block.set(name, each);
    if (block.size > MAX_LOCALS) this.#fail(`main function has more than ${MAX_LOCALS} local variables`);
    return code;
  }

  #return(): string {
    this.#advance();
    if (this.#endsBlock() || this.#is(';')) return 'return none;';
    const values = this.#expressions();
    if (values.length !== 1) return `return (${this.#list(values)});`;
    return `return (${(values[0] as Expression).code});`;
  }

  #expressionStatement(): string {
    const target = this.#suffixed();
    if (this.#is('=') || this.#is(',')) return this.#assignment(target);
    if (['local', 'global', 'index'].includes(target.kind)) this.#expected('=');
    if (target.kind !== 'several') this.#fail('syntax error');
    return `${target.code};`;
  }

  #assignment(first: Expression): string {
    const targets = [first];
    while (this.#accept(',')) targets.push(this.#suffixed());
    for (const { kind } of targets) if (!['local', 'global', 'index'].includes(kind)) this.#fail('syntax error');
    this.#expect('=');
    const values = this.#expressions();
    if (targets.length === 1 && values.length === 1) return this.#assign(first, this.#single(values[0] as Expression));
    // Containers and keys before values, and all of these before the first is assigned.
    let before = '';
    const held = targets.map((target) => {
      if (target.kind !== 'index') return target;
      const [container, key] = [this.#unique('o'), this.#unique('k')];
      before += `const ${container}=${target.container},${key}=${target.key};`;
      return { ...target, container, key };
    });
    const names = targets.map(() => this.#unique('v'));
    const assigned = held.map((target, i) => this.#assign(target, names[i] as string)).reverse();
    return `{${before}${this.#adjusted(values, names)}${assigned.join('')}}`;
  }

  #assign(target: Expression, value: string): string {
    if (target.kind === 'local') return `${target.code}=${value};`;
    if (target.kind === 'global') return `setGlobal(${target.key},${value});`;
    return `setIndex(${target.container},${target.key},${value},${JSON.stringify(target.containerWhat)});`;
  }

  /** Declares names with the values of expressions: as many as there are names. */
  #adjusted(values: readonly Expression[], names: readonly string[]): string {
    if (values.length === 0) return `let ${names.join(',')};`;
    let code = '';
    const last = values[values.length - 1] as Expression;
    const single = last.kind === 'several' && names.length > values.length - 1 ? values.length - 1 : values.length;
    for (let i = 0; i < single; i += 1) {
      const value = this.#single(values[i] as Expression);
      code += i < names.length ? `let ${names[i]}=${value};` : `${value};`;
    }
    const rest = names.slice(single);
    if (rest.length === 0) return code;
    if (single === values.length) return `${code}let ${rest.join(',')};`;
    if (rest.length === 1) return `${code}let ${rest[0]}=${this.#single(last)};`;
    const result = this.#unique('r');
    return `${code}const ${result}=${last.code};let ${rest.map((name, i) => `${name}=nth(${result},${i})`).join(',')};`;
  }

  // Expressions

  #expressions(): Expression[] {
    const list = [this.#expression()];
    while (this.#accept(',')) list.push(this.#expression());
    return list;
  }

  #expression(limit = 0): Expression {
    return this.#deeper(() => {
      let left = this.#unary();
      for (;;) {
        const operator = this.#token.kind === 'symbol' || this.#token.kind === 'keyword' ? this.#token.text : '';
        const priority = Object.hasOwn(priorities, operator) ? priorities[operator] : undefined;
        if (!priority || priority[0] <= limit) return left;
        const { line } = this.#advance();
        const right = this.#expression(priority[1]);
        left = this.#binary(operator, left, right, line);
      }
    });
  }

  #unary(): Expression {
    if (this.#accept('not')) return expression(`!${this.#condition(this.#expression(UNARY_PRIORITY))}`, 'boolean');
    if (this.#is('-') || this.#is('#')) {
      const { text, line } = this.#advance();
      const operand = this.#single(this.#expression(UNARY_PRIORITY));
      return expression(`${lineMark(line)}${text === '-' ? 'negate' : 'size'}(${operand})`);
    }
    return this.#simple();
  }

  #binary(operator: string, left: Expression, right: Expression, line: number): Expression {
    const [a, b] = [this.#single(left), this.#single(right)];
    if (operator === 'and' || operator === 'or') {
      const held = left.kind === 'local' ? a : this.#temporary();
      const test =
        left.kind === 'boolean' ? `(${held}=${a})` : left.kind === 'local' ? `truth(${a})` : `truth(${held}=${a})`;
      return expression(operator === 'and' ? `(${test}?${b}:${held})` : `(${test}?${held}:${b})`);
    }
    if (operator === '==' || operator === '~=') {
      const isPlain = left.kind === 'constant' || right.kind === 'constant';
      if (isPlain) return expression(`(${a}${operator === '==' ? '===' : '!=='}${b})`, 'boolean');
      return expression(`${operator === '==' ? '' : '!'}equal(${a},${b})`, 'boolean');
    }
    const comparison = comparisonNames[operator];
    if (comparison) return expression(`${lineMark(line)}${comparison}(${a},${b})`, 'boolean');
    return expression(`${lineMark(line)}${operatorNames[operator]}(${a},${b})`);
  }

  #simple(): Expression {
    const { kind, text, value, line } = this.#token;
    if (kind === 'number') {
      this.#advance();
      return expression(value === Number.POSITIVE_INFINITY ? '(1/0)' : String(value), 'constant');
    }
    if (kind === 'string') {
      this.#advance();
      return expression(JSON.stringify(text), 'constant');
    }
    if (kind === 'keyword') {
      if (text === 'nil' || text === 'true' || text === 'false') {
        this.#advance();
        return expression(text === 'nil' ? 'undefined' : text, 'constant');
      }
      if (text === 'function') {
        this.#advance();
        return expression(this.#function(line, false));
      }
    }
    if (this.#is('...')) {
      if (!this.#scope.isVariadic) this.#fail("cannot use '...' outside a vararg function");
      this.#advance();
      return expression('rest', 'several');
    }
    if (this.#is('{')) return expression(this.#table());
    return this.#suffixed();
  }

  #variable(name: string): Expression {
    const found = resolve(this.#scope, name);
    if (found) return { ...expression(found.code, 'local', `${found.kind} '${name}'`) };
    const key = JSON.stringify(name);
    const code = this.#lookUp(`global(${key})`, this.#lasting(name));
    return { ...expression(code, 'global', `global '${name}'`), key };
  }

  /** A look-up, or the name of its result where it lasts. */
  #lookUp(code: string, lasts: ReturnType<Lasting>): string {
    if (lasts === 'unknown') return code;
    const held = this.#held[lasts];
    const name = held.get(code) ?? this.#unique('g');
    held.set(code, name);
    return name;
  }

  #indexed(container: Expression, key: string, what: string): Expression {
    const of = this.#single(container);
    const code = `index(${of},${key},${JSON.stringify(container.what)})`;
    const isOfLibrary = container.kind === 'global' && key.startsWith('"');
    return {
      code: isOfLibrary ? this.#lookUp(code, this.#lasting(JSON.parse(container.key), JSON.parse(key))) : code,
      kind: 'index',
      what,
      container: of,
      containerWhat: container.what,
      key,
    };
  }

  /** A name or an expression in parentheses, with whatever follows it. */
  #suffixed(): Expression {
    const { line } = this.#token;
    let left: Expression;
    if (this.#accept('(')) {
      const inner = this.#expression();
      this.#close(')', '(', line);
      left = expression(this.#single(inner));
      if (inner.kind === 'boolean') left.kind = 'boolean';
    } else if (this.#token.kind === 'name') left = this.#variable(this.#advance().text);
    else return this.#fail('unexpected symbol');
    for (;;) {
      if (this.#accept('.')) {
        const key = this.#name();
        left = this.#indexed(left, JSON.stringify(key), `field '${key}'`);
      } else if (this.#accept('[')) {
        const key = this.#single(this.#expression());
        this.#expect(']');
        left = this.#indexed(left, key, "field '?'");
      } else if (this.#accept(':')) left = this.#method(left);
      else if (this.#is('(') || this.#is('{') || this.#token.kind === 'string') {
        const callLine = this.#token.line;
        const what = JSON.stringify(left.kind === 'value' ? '' : left.what);
        left = this.#call(`callee(${this.#single(left)},${what})(${this.#arguments()})`, callLine);
      } else return left;
    }
  }

  #method(object: Expression): Expression {
    const { line } = this.#token;
    const name = this.#name();
    const held = this.#temporary();
    const callee = `callee(index(${held}=${this.#single(object)},${JSON.stringify(name)},${JSON.stringify(object.what)}),${JSON.stringify(`method '${name}'`)})`;
    const args = this.#arguments();
    // A call among the arguments may use the same temporary: it is taken before them.
    return this.#call(`${callee}(${args === '' ? held : `${held},${args}`})`, line);
  }

  #call(code: string, line: number): Expression {
    return expression(`${lineMark(line)}${this.#mayYield ? `(yield* wait(${code}))` : code}`, 'several');
  }

  #arguments(): string {
    if (this.#token.kind === 'string') return JSON.stringify(this.#advance().text);
    if (this.#is('{')) return this.#table();
    if (!this.#is('(')) this.#fail('function arguments expected');
    const { line } = this.#token;
    if (line !== this.#lastLine) this.#fail('ambiguous syntax (function call x new statement)');
    this.#advance();
    if (this.#accept(')')) return '';
    const values = this.#expressions();
    this.#close(')', '(', line);
    return this.#items(values);
  }

  /** Several expressions, the last with all of its values. */
  #items(values: readonly Expression[]): string {
    return values
      .map((value, i) => {
        if (i < values.length - 1 || value.kind !== 'several') return this.#single(value);
        return value.code === 'rest' ? '...rest' : `...spread(${value.code})`;
      })
      .join(',');
  }

  #list(values: readonly Expression[]): string {
    return `[${this.#items(values)}]`;
  }

  #table(): string {
    const { line } = this.#token;
    this.#expect('{');
    const items: Expression[] = [];
    let pairs = '';
    while (!this.#is('}')) {
      if (this.#token.kind === 'name' && this.#peek().text === '=' && this.#peek().kind === 'symbol') {
        const key = JSON.stringify(this.#name());
        this.#expect('=');
        pairs += `${key},${this.#single(this.#expression())},`;
      } else if (this.#accept('[')) {
        const key = this.#single(this.#expression());
        this.#expect(']');
        this.#expect('=');
        pairs += `${key},${this.#single(this.#expression())},`;
      } else items.push(this.#expression());
      if (!this.#accept(',') && !this.#accept(';')) break;
    }
    this.#close('}', '{', line);
    return `table(${this.#list(items)},[${pairs}])`;
  }

  #function(line: number, isMethod: boolean): string {
    const names: string[] = isMethod ? ['self'] : [];
    let isVariadic = false;
    this.#expect('(');
    while (!this.#is(')')) {
      if (this.#accept('...')) {
        isVariadic = true;
        break;
      }
      names.push(this.#name());
      if (!this.#accept(',')) break;
      if (this.#is(')')) this.#fail('<name> expected');
    }
    this.#expect(')');
    const outer = this.#scope;
    this.#scope = functionScope(outer, isVariadic);
    const parameters = names.map((name) => this.#declare(name));
    if (isVariadic) parameters.push('...rest');
    const body = this.#block();
    this.#close('end', 'function', line);
    const code = this.#functionCode(parameters.join(','), body);
    this.#scope = outer;
    return code;
  }

  #functionCode(parameters: string, body: string): string {
    const { temporaries } = this.#scope;
    const declared = temporaries.length > 0 ? `let ${temporaries.join(',')};` : '';
    return `(function${this.#mayYield ? '*' : ''}(${parameters}){${BURN}${declared}${body}return none;})`;
  }

  /** Its one value. */
  #single({ kind, code }: Expression): string {
    if (kind !== 'several') return code;
    return code === 'rest' ? 'rest[0]' : `first(${code})`;
  }

  /** Whether it is neither nil nor false, as a boolean of JavaScript. */
  #condition(value: Expression): string {
    return value.kind === 'boolean' ? value.code : `truth(${this.#single(value)})`;
  }
}

const lookUps = (held: ReadonlyMap<string, string>): string =>
  [...held].map(([code, name]) => `const ${name}=${code};`).join('');

/** Marks in the code where a line of the source begins; the finished code has its line breaks there. */
const lineMark = (line: number): string => `\x01${line}\x02`;

function placeLines(code: string): string {
  let current = 1;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these marks cannot stand in a string literal, which escapes them
  return code.replace(/\x01(\d+)\x02/g, (_, text) => {
    const missing = Number(text) - current;
    if (missing <= 0) return '';
    current = Number(text);
    return '\n'.repeat(missing);
  });
}
