/**
 * The Lua part of the gateway: reads the members of a request body that routing and limits depend on.
 *
 * HAProxy's own `json_query` takes the first of two equal members and engines take the last, so a caller could be let through for one
 * model and served by another. This reader walks the top level of the body once and refuses a second member of the same name (also
 * when it is written with escapes), bytes that make JSON libraries switch to UTF-16 or UTF-32, and anything after the object.
 * It copies nothing of the prompt.
 */
export const requestInspector = `-- Holdfast: which model a request asks for, and how. See the gateway's README.
local find, byte, sub = string.find, string.byte, string.sub

-- Index after the string that starts at i, and whether it holds escapes; nil when it does not end.
local function skip_string(s, i)
  local p, escaped = i + 1, false
  while true do
    local q = find(s, '["\\\\]', p)
    if not q then return nil end
    if byte(s, q) == 34 then return q + 1, escaped end
    escaped = true
    p = q + 2
  end
end

-- Index after the value that starts at i; nil when it does not end.
local function skip_value(s, i)
  local c = byte(s, i)
  if c == 34 then return (skip_string(s, i)) end
  if c == 123 or c == 91 then
    local depth, p = 0, i
    while true do
      local q = find(s, '["{}%[%]]', p)
      if not q then return nil end
      local d = byte(s, q)
      if d == 34 then
        p = skip_string(s, q)
        if not p then return nil end
      else
        depth = depth + ((d == 123 or d == 91) and 1 or -1)
        if depth > 500 then return nil end
        p = q + 1
        if depth == 0 then return p end
      end
    end
  end
  local _, e = find(s, '^[%w%+%-%.]+', i)
  return e and e + 1
end

local short = { ['"'] = '"', ['\\\\'] = '\\\\', ['/'] = '/', b = '\\b', f = '\\f', n = '\\n', r = '\\r', t = '\\t' }

-- The text of a string literal with its escapes resolved; nil for one that JSON does not allow.
local function unescape(text)
  local out, p = {}, 1
  while true do
    local q = find(text, '\\\\', p, true)
    if not q then
      out[#out + 1] = sub(text, p)
      return table.concat(out)
    end
    out[#out + 1] = sub(text, p, q - 1)
    local kind = sub(text, q + 1, q + 1)
    if kind == 'u' then
      local code = tonumber(string.match(text, '^%x%x%x%x', q + 2) or '', 16)
      if not code then return nil end
      p = q + 6
      if code >= 0xD800 and code <= 0xDBFF then
        local low = tonumber(string.match(text, '^\\\\u(%x%x%x%x)', p) or '', 16)
        if not low or low < 0xDC00 or low > 0xDFFF then return nil end
        code = 0x10000 + (code - 0xD800) * 0x400 + (low - 0xDC00)
        p = p + 6
      elseif code >= 0xDC00 and code <= 0xDFFF then
        return nil
      end
      out[#out + 1] = utf8.char(code)
    else
      if not short[kind] then return nil end
      out[#out + 1] = short[kind]
      p = q + 2
    end
  end
end

local function literal(s, first, last, escaped)
  local text = sub(s, first + 1, last - 2)
  if escaped then return unescape(text) end
  return text
end

local wanted = { model = true, stream = true, user = true, max_tokens = true, max_completion_tokens = true, n = true, best_of = true }

-- The wanted members of the top-level object, or nil and the reason.
local function members(s)
  if find(s, '\\0', 1, true) then return nil, 'not_json' end
  local p = find(s, '[^ \\t\\r\\n]')
  if not p or byte(s, p) ~= 123 then return nil, 'not_json' end
  local found, seen = {}, {}
  p = find(s, '[^ \\t\\r\\n]', p + 1)
  if p and byte(s, p) == 125 then
    if find(s, '[^ \\t\\r\\n]', p + 1) then return nil, 'not_json' end
    return found
  end
  while true do
    if not p or byte(s, p) ~= 34 then return nil, 'not_json' end
    local after, escaped = skip_string(s, p)
    if not after then return nil, 'not_json' end
    local key = literal(s, p, after, escaped)
    if not key then return nil, 'not_json' end
    if seen[key] then return nil, 'duplicate_member' end
    seen[key] = true
    local colon = find(s, '[^ \\t\\r\\n]', after)
    if not colon or byte(s, colon) ~= 58 then return nil, 'not_json' end
    local value = find(s, '[^ \\t\\r\\n]', colon + 1)
    if not value then return nil, 'not_json' end
    local next_one = skip_value(s, value)
    if not next_one then return nil, 'not_json' end
    if wanted[key] then
      local raw = sub(s, value, next_one - 1)
      if byte(raw, 1) == 34 then
        local text = unescape(sub(raw, 2, -2))
        if not text then return nil, 'not_json' end
        found[key] = { kind = 'string', value = text }
      elseif raw == 'true' or raw == 'false' then
        found[key] = { kind = 'boolean', value = raw == 'true' }
      elseif raw == 'null' then
        found[key] = { kind = 'null' }
      elseif tonumber(raw) and find(raw, '^%-?%d') and not find(raw, '[xX]') then
        found[key] = { kind = 'number', value = tonumber(raw) }
      else
        found[key] = { kind = 'other' }
      end
    end
    p = find(s, '[^ \\t\\r\\n]', next_one)
    if not p then return nil, 'not_json' end
    local c = byte(s, p)
    if c == 125 then
      if find(s, '[^ \\t\\r\\n]', p + 1) then return nil, 'not_json' end
      return found
    end
    if c ~= 44 then return nil, 'not_json' end
    p = find(s, '[^ \\t\\r\\n]', p + 1)
  end
end

-- A whole number from 0 to 10^9, the default when absent or null, nil when it is anything else.
local function count(member, default)
  if not member or member.kind == 'null' then return default end
  if member.kind ~= 'number' or member.value < 0 or member.value > 1e9 or member.value % 1 ~= 0 then return nil end
  return math.floor(member.value)
end

-- Sets txn.problem, or txn.model, txn.stream, txn.end_user and txn.output_tokens.
local function inspect(body)
  local found, problem = members(body)
  if not found then return { problem = problem } end
  local model = found.model
  if not model then return { problem = 'missing_model' } end
  if model.kind ~= 'string' or #model.value == 0 or #model.value > 128 or find(model.value, '%c') then return { problem = 'invalid_model' } end
  local stream = found.stream
  if stream and stream.kind ~= 'boolean' and stream.kind ~= 'null' then return { problem = 'invalid_stream' } end
  local tokens = count(found.max_tokens, 0)
  local completion = count(found.max_completion_tokens, 0)
  local n, best = count(found.n, 1), count(found.best_of, 1)
  if not tokens or not completion or not n or not best then return { problem = 'invalid_count' } end
  local user = found.user
  return {
    model = model.value,
    stream = (stream and stream.value) and 1 or 0,
    end_user = user and user.kind == 'string' and sub(user.value, 1, 256) or nil,
    output_tokens = math.min(math.max(tokens, completion) * math.max(n, best, 1), 2000000000),
  }
end

if core then
  core.register_action('holdfast_inspect', { 'http-req' }, function(txn)
    local result = inspect(txn.sf:req_body() or '')
    for name, value in pairs(result) do txn:set_var('txn.' .. name, value) end
  end)
end

return inspect
`;
