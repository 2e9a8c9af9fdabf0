-- The one with the smallest share of its concurrency in use; among equals, whose last turn is longest ago.
local TURNS = 1e12

function arrange() return redis.call('ZRANGE', KEYS[1], 0, -1) end

local function place(a, turn) return math.floor(load_of(a) * 1000) * TURNS + turn end

function rank(a)
  local turn = redis.call('INCR', base .. 'turn')
  redis.call('HSET', base .. 'a:' .. a.id, 'turn', turn)
  return place(a, turn)
end

function released(id)
  local a = account(id)
  if a then redis.call('ZADD', KEYS[1], 'XX', place(a, tonumber(redis.call('HGET', base .. 'a:' .. id, 'turn')) or 0), id) end
end
