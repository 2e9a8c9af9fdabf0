-- The one with the smallest share of its concurrency in use; among equals, whose last turn is longest ago.
local TURNS = 1e12

arrange = by_place

local function place(a, turn) return math.floor(load_of(a) * 1000) * TURNS + turn end

function rank(a)
  a.turn = redis.call('INCR', base .. 'turn')
  return place(a, a.turn)
end

function released(id)
  local a = account(id)
  if a then redis.call('ZADD', KEYS[1], 'XX', place(a, a.turn), id) end
end
