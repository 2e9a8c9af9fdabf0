-- Rendezvous hashing: each user has an own order of the accounts, which does not change for the others when one comes or goes.
-- Without a user, whose last turn is longest ago.
function arrange(user)
  if user == '' then return by_place() end
  local ids = redis.call('ZRANGE', KEYS[1], 0, -1)
  local place = {}
  for _, id in ipairs(ids) do place[id] = redis.sha1hex(user .. id) end
  table.sort(ids, function(one, other) return place[one] < place[other] end)
  return function(i) return ids[i] end
end

function rank() return redis.call('INCR', base .. 'turn') end
