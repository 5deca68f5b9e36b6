import { expect, test } from 'vitest';
import { statementStarts } from './statements.ts';

/** The statements by their first words, up to the end of the line. */
const begins = (sql: string): string[] => statementStarts(sql).map((at) => sql.slice(at).split('\n')[0] ?? '');

test('statements end with a semicolon, and empty ones are none', () => {
  expect(begins('select 1;\n;; select 2\n;\nselect 3')).toEqual(['select 1;', 'select 2', 'select 3']);
  expect(begins('')).toEqual([]);
  expect(begins(' -- nothing;\n/* at; all */ ')).toEqual([]);
});

test('semicolons in quotes, names, dollar quotes, comments and parentheses end nothing', () => {
  expect(
    begins(`insert into t values (';', 'it''s; so', E'a\\';b', ";");
do $$ begin perform 1; perform 2; end $$;
do $body$ select $$;$$; $body$;
select 1 -- one; more
  + 2 /* and; /* nested; */ still; */;
create rule r as on insert to t do (select 1; select 2);
select 2`),
  ).toEqual([
    `insert into t values (';', 'it''s; so', E'a\\';b', ";");`,
    'do $$ begin perform 1; perform 2; end $$;',
    'do $body$ select $$;$$; $body$;',
    'select 1 -- one; more',
    'create rule r as on insert to t do (select 1; select 2);',
    'select 2',
  ]);
});

test('the body of an SQL function is part of its statement, and a transaction block is not', () => {
  expect(
    begins(`create function f() returns int begin atomic
  select case when true then 1 else 2 end;
  select 2;
end;
begin;
select 3;
end;`),
  ).toEqual(['create function f() returns int begin atomic', 'begin;', 'select 3;', 'end;']);
});

test('what is never closed reaches to the end', () => {
  for (const open of ["select 'a;b", 'select "a;b', 'do $$ a; b', 'select 1 /* a; b', 'select (1; 2'])
    expect(begins(open)).toEqual([open]);
});
