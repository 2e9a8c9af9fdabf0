-- What every script of the rotation knows of an account. All keys of a provider share one hash tag: {provider}.
--   order:<strategy>  zset  account -> its place by the strategy
--   turn              how many selections there were: round-robin, least-used and sticky-by-user place an account by its last one
--   state:<account>   what is known of it, packed as read says (a hash of as many fields takes longer to read and to write):
--     weight
--     st, hu, hv                 health as it was decided: status, away until, version
--     cu, bu                     away until: because a replica saw it fail; because what was forgotten may have been used up
--     xu, xv                     away until its proxy works, version
--     cv                         version of what is configured
--     conc, rpm, rpd, rpmo, spend  limits: concurrency, requests a minute, a day, a month, cents a month; 0 for none
--     slide                      1: minute and day are the last 60 seconds and 24 hours, 0: they begin with the clock's
--     restN, restMs, rn, ru      rests: after so many requests, so long; requests since the last one, resting until
--     pr, prN                    the window that the provider told of: when it is reset, what is left until then
--     minId, minN, dayId, dayN   which minute and which day since 1970, and the requests in it
--     monId, monN, monC          which month, the requests and the cents in it
--     creditHour, creditN, creditCents  what the database has recorded in advance: for which hour, requests and cents that are not used yet
--     turn                       its last one (least-used)
--   s:<account>       zset  ticket -> when its slot expires, unless its replica renews it
--   m:<account>       zset  ticket -> when it was taken, of the last minute (sliding limits)
--   h:<account>       hash  hour -> requests, hour:c -> cents
-- Times are milliseconds. ARGV[1] is the time, or 0 for the server's own clock, so that replicas need not agree on theirs.
local base = string.match(KEYS[1], '^(.*:)order:')
local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local HOUR, DAY = 3600000, 86400000
local hour, day = math.floor(now / HOUR), math.floor(now / DAY)

-- What a strategy defines, in a file of Strategies/ that stands between this one and the action (take, done, ...):
--   arrange(hint)    a function that gives the first account to be tried, the second …; hint is a random number or the user. Required.
--   rank(a)          the place in order:<strategy> of an account that was just taken; nil leaves it where it is. Required.
--   released(id)     a slot of that account ended. Only where its place depends on what is in use.
-- KEYS[1] is always order:<strategy>; base is what all keys of the provider begin with. load_of(a) is the share of its concurrency in use.
local arrange, rank, released

-- The accounts by their place. Most selections take the first one: only when it can't, the others are read.
local function by_place()
  local ids = redis.call('ZRANGE', KEYS[1], 0, 0)
  return function(i)
    if i == 2 then ids = redis.call('ZRANGE', KEYS[1], 0, -1) end
    return ids[i]
  end
end

-- Days since 1970 -> year * 12 + month - 1 (proleptic Gregorian; H. Hinnant, chrono-compatible date algorithms).
local function month_of(days)
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local m = mp < 10 and mp + 3 or mp - 9
  return (yoe + era * 400 + (m <= 2 and 1 or 0)) * 12 + m - 1
end

local function month_end()
  local days, month = day + 28, month_of(day)
  while month_of(days) == month do days = days + 1 end
  while month_of(days - 1) ~= month do days = days - 1 end
  return days * DAY
end

-- What each take changes stands first, so that it is written without the rest.
local USE, REST, STATE = '<ddddddddddddd', '<dddddddddddddddddds', '<ddddddddddddddddddddddddddddddds'

-- A table that is made with its fields takes half as long as one that grows.
local function read(id)
  local packed = redis.call('GET', base .. 'state:' .. id)
  if not packed then return nil end
  local turn, rn, ru, prN, minId, minN, dayId, dayN, monId, monN, monC, creditN, creditCents, creditHour, weight, hu, hv, cu, bu, xu, xv,
    cv, conc, rpm, rpd, rpmo, spend, slide, restN, restMs, pr, st = struct.unpack(STATE, packed)
  return {
    id = id, turn = turn, rn = rn, ru = ru, prN = prN, minId = minId, minN = minN, dayId = dayId, dayN = dayN, monId = monId,
      monN = monN, monC = monC, creditN = creditN, creditCents = creditCents, creditHour = creditHour, weight = weight, hu = hu, hv = hv,
      cu = cu, bu = bu, xu = xu, xv = xv, cv = cv, conc = conc, rpm = rpm, rpd = rpd, rpmo = rpmo, spend = spend, slide = slide,
      restN = restN, restMs = restMs, pr = pr, st = st
  }
end

local function packed_use(a)
  return struct.pack(USE, a.turn, a.rn, a.ru, a.prN, a.minId, a.minN, a.dayId, a.dayN, a.monId, a.monN, a.monC, a.creditN, a.creditCents)
end

local function write(a)
  redis.call('SET', base .. 'state:' .. a.id, packed_use(a) .. struct.pack(REST,
    a.creditHour, a.weight, a.hu, a.hv, a.cu, a.bu, a.xu, a.xv, a.cv, a.conc, a.rpm, a.rpd, a.rpmo, a.spend, a.slide, a.restN, a.restMs, a.pr, a.st), 'KEEPTTL')
end

local function write_use(a) redis.call('SETRANGE', base .. 'state:' .. a.id, 0, packed_use(a)) end

-- Counts the requests in flight. Below enough, slots that have expired may be among them.
local function count_slots(a, enough)
  local slots = base .. 's:' .. a.id
  a.inflight = redis.call('ZCARD', slots)
  if a.inflight >= enough and redis.call('ZREMRANGEBYSCORE', slots, '-inf', now) > 0 then a.inflight = redis.call('ZCARD', slots) end
end

-- With the requests that it has in flight.
local function account(id)
  local a = read(id)
  if a then count_slots(a, 1) end
  return a
end

local function give_back(id, ticket)
  redis.call('ZREM', base .. 's:' .. id, ticket)
  if released then released(id) end
end

-- Half-open: its time away is over, and one request at a time finds out whether it works again.
local function half_open(a)
  return a.st == 'cooling' or a.st == 'banned'
end

local function load_of(a)
  return a.inflight / a.conc
end

-- The last 24 hours by hours, the one that has begun before them included: never too few.
local function hours_of(a)
  local names = {}
  for i = hour - 24, hour do names[#names + 1] = tostring(i) end
  return redis.call('HMGET', base .. 'h:' .. a.id, unpack(names))
end

-- What was used of its windows.
local function count(a)
  local use = { month = 0, cents = 0, minute = 0, day = a.dayId == day and a.dayN or 0 }
  -- Day and month are written together: which month it is has to be found out once a day.
  use.monId = a.dayId == day and a.monId or month_of(day)
  if a.monId == use.monId then use.month, use.cents = a.monN, a.monC end
  if a.slide ~= 1 then
    if a.minId == math.floor(now / 60000) then use.minute = a.minN end
    return use
  end
  if a.rpm > 0 then
    redis.call('ZREMRANGEBYSCORE', base .. 'm:' .. a.id, '-inf', now - 60000)
    use.minute = redis.call('ZCARD', base .. 'm:' .. a.id)
  end
  if a.rpd > 0 then
    use.day = 0
    for _, n in ipairs(hours_of(a)) do use.day = use.day + (tonumber(n) or 0) end
  end
  return use
end

local function minute_end(a, use)
  if a.slide ~= 1 then return (math.floor(now / 60000) + 1) * 60000 end
  local first = redis.call('ZRANGE', base .. 'm:' .. a.id, use.minute - a.rpm, use.minute - a.rpm, 'WITHSCORES')
  return tonumber(first[2]) + 60000
end

local function day_end(a, use)
  if a.slide ~= 1 then return (day + 1) * DAY end
  local left = use.day
  for i, n in ipairs(hours_of(a)) do
    left = left - (tonumber(n) or 0)
    if left < a.rpd then return (hour - 24 + i - 1 + 25) * HOUR end
  end
  return (hour + 25) * HOUR
end

-- Why the account can't take a request now and when it can: nothing when it can; time 0 = at any moment, -1 = not by itself.
-- 'call' goes on with a lease, which has its slot already and is not kept from its work by a rest.
local function why(a, use, mode, cost)
  local away = math.max(a.hu, a.cu)
  if a.st == 'disabled' then return 'disabled', -1 end
  if now < away then return a.st == 'banned' and 'banned' or 'cooling', away end
  if now < a.xu then return 'proxy', a.xu end
  if now < a.bu then return 'rebuilding', a.bu end
  if now < a.pr and a.prN <= 0 then return 'provider-limit', a.pr end
  if mode ~= 'call' then
    if now < a.ru then return 'resting', a.ru end
    if half_open(a) and a.inflight >= 1 then return 'probing', 0 end
    if a.inflight >= a.conc then return 'concurrency', 0 end
  end
  if a.rpm > 0 and use.minute >= a.rpm then return 'requests-per-minute', minute_end(a, use) end
  if a.rpd > 0 and use.day >= a.rpd then return 'requests-per-day', day_end(a, use) end
  if a.rpmo > 0 and use.month >= a.rpmo then return 'requests-per-month', month_end() end
  if a.spend > 0 and use.cents + cost > a.spend then return 'spend', month_end() end
end
