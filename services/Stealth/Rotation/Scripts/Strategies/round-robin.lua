-- The one whose last turn is longest ago. Whoever was away gets one turn when it is back, not all those it missed.
arrange = by_place

function rank() return redis.call('INCR', base .. 'turn') end
