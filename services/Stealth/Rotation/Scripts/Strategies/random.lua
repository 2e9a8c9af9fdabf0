-- Power of two choices: the less busy one of two that are drawn; when neither can, the next ones from there on.
-- The draw comes from the caller: scripts draw the same numbers each time.
function arrange(draw)
  local ids = redis.call('ZRANGE', KEYS[1], 0, -1)
  local n = #ids
  if n < 2 then return function(i) return ids[i] end end
  table.sort(ids)
  local first = draw % n
  local second = (first + 1 + math.floor(draw / n) % (n - 1)) % n
  local one, other = account(ids[first + 1]), account(ids[second + 1])
  if one and other and load_of(other) < load_of(one) then first, second = second, first end
  local order = { ids[first + 1], ids[second + 1] }
  for i = 1, n - 1 do
    local at = (first + i) % n
    if at ~= second then order[#order + 1] = ids[at + 1] end
  end
  return function(i) return order[i] end
end

function rank() return nil end
