-- Stride scheduling: each turn moves an account on by 1/weight, and the one that is furthest behind is next.
-- Whoever was away starts where the others are, not where it stopped.
arrange = by_place

function rank(a)
  local at = math.max(tonumber(redis.call('ZSCORE', KEYS[1], a.id)) or 0, tonumber(redis.call('GET', base .. 'pass')) or 0)
  redis.call('SET', base .. 'pass', string.format('%.9f', at))
  return string.format('%.9f', at + 1 / a.weight)
end
