-- Takes a slot of one account by the strategy, with every limit checked; or says how long the earliest one is away.
-- ARGV: 1 time, 2 mode (take: a slot | call: go on with a lease | turn: only move on), 3 ticket, 4 how long a slot lives unless renewed,
--       5 cost in cents, 6 what the strategy needs (a random number, a user), 7.. accounts to leave out
--       (call: 7 the account, 8 the lease's ticket)
-- Answers {1, account, status, credit left} | {0, earliest time, why} | {2, account, hour} when use must be recorded first | {-1, account} when it is unknown.
local mode, ticket, slot, cost = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local listed = {}
for i = 7, #ARGV do listed[ARGV[i]] = true end

local function take(a)
  local set = { 'al', a.al - 1, 'dayN', (a.dayId == day and a.dayN or 0) + 1, 'monN', a.month + 1 }
  local function put(field, value)
    set[#set + 1] = field
    set[#set + 1] = value
  end
  -- What has not changed is not written.
  if a.dayId ~= day then put('dayId', day) end
  if a.monId ~= month then put('monId', month) end
  if cost > 0 or a.monId ~= month then put('monC', a.cents + cost) end
  if cost > 0 then put('alc', a.alc - cost) end
  if now < a.pr then put('prN', a.prN - 1) end
  if a.slide == 1 then
    if a.rpm > 0 then redis.call('ZADD', base .. 'm:' .. a.id, now, ticket) end
  else
    put('minId', math.floor(now / 60000))
    put('minN', a.minute + 1)
  end
  if mode == 'take' then
    redis.call('ZADD', base .. 's:' .. a.id, now + slot, ticket)
    a.inflight = a.inflight + 1
    if a.restN > 0 then
      if a.rn + 1 >= a.restN then
        put('ru', now + a.restMs)
        put('rn', 0)
      else
        put('rn', a.rn + 1)
      end
    end
  end
  if mode == 'call' then redis.call('ZADD', base .. 's:' .. a.id, now + slot, ARGV[8]) end
  redis.call('HSET', base .. 'a:' .. a.id, unpack(set))
  redis.call('HINCRBY', base .. 'h:' .. a.id, hour, 1)
  if cost > 0 then redis.call('HINCRBY', base .. 'h:' .. a.id, hour .. ':c', cost) end
end

local ids
if mode == 'call' then
  ids = { ARGV[7] }
else
  ids = arrange(ARGV[6])
  if #ids == 0 then return { -1, '' } end
end
local earliest, reason = -1, 'none'
for _, id in ipairs(ids) do
  if mode == 'call' or not listed[id] then
    local a = account(id)
    if not a then return { -1, id } end
    local not_now, at = why(a, mode, cost)
    if not not_now then
      if mode ~= 'turn' and (a.alh ~= hour or a.al < 1 or a.alc < cost) then return { 2, id, hour } end
      if mode ~= 'turn' then take(a) end
      if mode ~= 'call' then
        local score = rank(a)
        if score then redis.call('ZADD', KEYS[1], 'XX', score, id) end
      end
      return { 1, id, a.st, a.al - 1 }
    end
    if at >= 0 and (earliest < 0 or at < earliest) then earliest, reason = at, not_now end
    if earliest < 0 then reason = not_now end
  end
end
return { 0, earliest, reason }
