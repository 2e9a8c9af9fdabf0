-- How accounts stand. ARGV: 1 time, 2.. accounts
-- Answers for each {account, why not now or '', when, in flight, minute, day, month, cents, requests since its rest, the provider's own count or -1, status}
local answer = {}
for i = 2, #ARGV do
  local a = account(ARGV[i])
  if a then
    local use = count(a)
    local reason, at = why(a, use, 'take', 0)
    answer[#answer + 1] = { a.id, reason or '', at or 0, a.inflight, use.minute, use.day, use.month, use.cents, a.rn, now < a.pr and a.prN or -1, a.st }
  end
end
return answer
