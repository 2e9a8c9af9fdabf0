-- Takes a slot of one account by the strategy, with every limit checked; or says how long the earliest one is away.
-- ARGV: 1 time, 2 mode (take: a slot | call: a further request under a lease | rotate: say whose turn it is and pass on, using nothing),
--       3 ticket, 4 how long a slot lives unless renewed, 5 cost in cents, 6 what the strategy needs (a random number, a user),
--       7 how many slots of its caller are given back first, then account and ticket of each, then accounts to leave out (call: the account, the lease's ticket)
-- Answers {1, account, status, requests left of what is recorded in advance} | {0, earliest time, why}
--       | {2, account, hour} when use must be recorded first | {-1, account} when it is unknown.
local mode, ticket, slot, cost = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local rest = 8 + 2 * ARGV[7]
for i = 8, rest - 1, 2 do give_back(ARGV[i], ARGV[i + 1]) end
local listed = {}
for i = rest, #ARGV do listed[ARGV[i]] = true end

local function take(a, use)
  a.creditN, a.creditCents = a.creditN - 1, a.creditCents - cost
  a.dayN = (a.dayId == day and a.dayN or 0) + 1
  a.monN, a.monC = use.month + 1, use.cents + cost
  a.dayId, a.monId = day, use.monId
  if now < a.pr then a.prN = a.prN - 1 end
  if a.slide ~= 1 then
    a.minId, a.minN = math.floor(now / 60000), use.minute + 1
  elseif a.rpm > 0 then
    redis.call('ZADD', base .. 'm:' .. a.id, now, ticket)
  end
  if mode == 'call' then
    redis.call('ZADD', base .. 's:' .. a.id, now + slot, ARGV[rest + 1])
  else
    redis.call('ZADD', base .. 's:' .. a.id, now + slot, ticket)
    a.inflight = a.inflight + 1
    if a.restN > 0 then
      a.rn = a.rn + 1
      if a.rn >= a.restN then a.ru, a.rn = now + a.restMs, 0 end
    end
  end
  redis.call('HINCRBY', base .. 'h:' .. a.id, hour, 1)
  if cost > 0 then redis.call('HINCRBY', base .. 'h:' .. a.id, hour .. ':c', cost) end
end

local candidate
if mode == 'call' then
  candidate = function(i) return i == 1 and ARGV[rest] or nil end
else
  candidate = arrange(ARGV[6])
  if not candidate(1) then return { -1, '' } end
end
local earliest, reason, i = -1, 'none', 1
local id = candidate(i)
while id do
  if mode == 'call' or not listed[id] then
    local a = read(id)
    if not a then return { -1, id } end
    -- Expired slots matter where the last ones are, and to a strategy that looks at what is in use.
    count_slots(a, (released or half_open(a)) and 1 or a.conc)
    local use = count(a)
    local not_now, at = why(a, use, mode, cost)
    if not not_now then
      if mode ~= 'rotate' then
        if a.creditHour ~= hour or a.creditN < 1 or a.creditCents < cost then return { 2, id, hour } end
        take(a, use)
      end
      if mode ~= 'call' then
        local score = rank(a)
        if score then redis.call('ZADD', KEYS[1], 'XX', score, id) end
      end
      write_use(a)
      return { 1, id, a.st, a.creditN }
    end
    if at >= 0 and (earliest < 0 or at < earliest) then earliest, reason = at, not_now end
    if earliest < 0 then reason = not_now end
  end
  i = i + 1
  id = candidate(i)
end
return { 0, earliest, reason }
