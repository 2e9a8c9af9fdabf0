-- The one whose last turn is longest ago. Whoever was away gets one turn when it is back, not all those it missed.
function arrange() return redis.call('ZRANGE', KEYS[1], 0, -1) end

function rank() return redis.call('INCR', base .. 'turn') end
