// contract.mjs - the contract as a judge: every response and every request
// that is meant to be valid is checked against api/openapi.yaml.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import yaml from 'js-yaml';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
const file = process.env.WHARF_CONTRACT ??
  fileURLToPath(new URL('../../../api/openapi.yaml', import.meta.url));

export const contractText = readFileSync(file, 'utf8');
export const contract = yaml.load(contractText);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(contract, 'wharf');

const pointer = (parts) =>
  parts.map((p) => encodeURIComponent(
    String(p).replace(/~/g, '~0').replace(/\//g, '~1'))).join('/');
const compiled = new Map();

// A validator for the schema at that place of the contract.
function validator(parts) {
  const ref = `wharf#/${pointer(parts)}`;
  if (!compiled.has(ref)) compiled.set(ref, ajv.compile({ $ref: ref }));
  return compiled.get(ref);
}

function follow(node, parts) {
  let at = parts;
  while (node?.$ref) {
    at = node.$ref.replace(/^#\//, '').split('/')
      .map((p) => p.replace(/~1/g, '/').replace(/~0/g, '~'));
    node = at.reduce((n, p) => n?.[p], contract);
  }
  return { node, at };
}

// Every operation of the contract, flat.
export const operations = [];
for (const [path, item] of Object.entries(contract.paths)) {
  for (const method of METHODS) {
    const operation = item[method];
    if (!operation) continue;
    // Parameters of the path count for each of its methods.
    operation.parameters = [...(operation.parameters ?? []),
      ...(item.parameters ?? [])];
    operations.push({
      id: operation.operationId, method: method.toUpperCase(), path,
      permission: operation['x-permission'] ?? null,
      isPublic: operation.security?.length === 0,
      operation,
      pattern: new RegExp('^' + path.replace(/[.]/g, '\\.')
        .replace(/\{[^}]+\}/g, '[^/]+') + '$'),
    });
  }
}

// Literal segments win over parameters.
export function findOperation(method, url) {
  const path = url.split('?')[0];
  return operations
    .filter((o) => o.method === method && o.pattern.test(path))
    .sort((a, b) => (a.path.match(/\{/g)?.length ?? 0) -
                    (b.path.match(/\{/g)?.length ?? 0))[0];
}

const errorsText = (v) => ajv.errorsText(v.errors, { separator: '; ' });

// Checks body and parameters of a request that is meant to be valid.
export function checkRequest(op, { url, headers, body }) {
  const parts = ['paths', op.path, op.method.toLowerCase()];
  const known = new Set();
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  for (const [i, raw] of (op.operation.parameters ?? []).entries()) {
    const { node, at } = follow(raw, [...parts, 'parameters', i]);
    if (node.in === 'query') known.add(node.name);
    const value = node.in === 'query' ? query.get(node.name)
      : node.in === 'header' ? headers[node.name] ?? headers[node.name.toLowerCase()]
      : undefined;
    if (value === undefined || value === null) {
      if (node.required && node.in !== 'path')
        throw new Error(`${op.id}: request lacks ${node.name}`);
      continue;
    }
    const schema = follow(node.schema, []).node;
    const typed = schema.type === 'integer' ? Number(value)
      : schema.type === 'boolean' ? value === 'true' : value;
    const check = validator([...at, 'schema']);
    if (!check(typed))
      throw new Error(`${op.id}: ${node.name}: ${errorsText(check)}`);
  }
  for (const name of query.keys())
    if (!known.has(name))
      throw new Error(`${op.id}: the contract has no parameter ${name}`);
  if (body === undefined) return;
  const at = [...parts, 'requestBody', 'content', 'application/json', 'schema'];
  if (!op.operation.requestBody)
    throw new Error(`${op.id}: the contract has no request body`);
  const check = validator(at);
  if (!check(body))
    throw new Error(`${op.id}: request: ${errorsText(check)}`);
}

// Checks status, content type and body of a response; unknown ones fail.
export function checkResponse(op, { status, contentType, text, json, headers }) {
  const raw = op.operation.responses[String(status)];
  if (!raw)
    throw new Error(`${op.id}: status ${status} is not in the contract: ` +
      text.slice(0, 300));
  const { node, at } = follow(raw,
    ['paths', op.path, op.method.toLowerCase(), 'responses', status]);
  for (const name of Object.keys(node.headers ?? {}))
    if (headers[name.toLowerCase()] === undefined)
      throw new Error(`${op.id}: ${status} lacks the header ${name}`);
  if (!node.content) {
    if (text !== '') throw new Error(`${op.id}: ${status} has a body`);
    return;
  }
  const type = (contentType ?? '').split(';')[0];
  const media = node.content[type];
  if (!media)
    throw new Error(`${op.id}: ${status} with type "${contentType}": ` +
      text.slice(0, 300));
  if (!type.endsWith('json')) return;
  const check = validator([...at, 'content', type, 'schema']);
  if (!check(json))
    throw new Error(`${op.id}: ${status}: ${errorsText(check)} in ` +
      text.slice(0, 600));
}

// For errors that come before the router, as framing ones.
export function checkProblem(json) {
  const check = validator(['components', 'schemas', 'Problem']);
  if (!check(json))
    throw new Error(`problem: ${errorsText(check)} in ${JSON.stringify(json)}`);
}
