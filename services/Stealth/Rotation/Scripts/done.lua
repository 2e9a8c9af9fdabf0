-- Gives a slot back and keeps what was learned.
-- ARGV: 1 time, 2 account, 3 ticket ('' keeps a lease's slot), 4 cool until (0: no), 5 the provider's own window: its reset (0: none), 6 and what is left
local id, ticket, cool, reset = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local a = (cool > 0 or reset > 0) and read(id)
if a then
  a.cu = math.max(a.cu, cool)
  -- At once, so that one request probes it afterwards even while the database is away.
  if cool > 0 and (a.st == 'healthy' or a.st == 'degraded') then a.st = 'cooling' end
  if reset > 0 then a.pr, a.prN = reset, tonumber(ARGV[6]) end
  write(a)
end
if ticket ~= '' then give_back(id, ticket) end
return 1
