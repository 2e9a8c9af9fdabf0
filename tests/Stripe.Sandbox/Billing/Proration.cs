namespace Son1kVers3.Stripe.Sandbox.Billing;

/// <summary>
/// What a change in the middle of a period is worth, to the second: the price times the seconds left over the seconds of the
/// period, rounded half away from zero to a cent, for the credit and for the charge separately.
/// </summary>
internal static class Proration
{
    public static long Share(long amount, long periodStart, long periodEnd, long at)
    {
        if (periodEnd <= periodStart)
        {
            return 0;
        }

        var left = Math.Clamp(periodEnd - at, 0, periodEnd - periodStart);
        return (long)Math.Round((decimal)amount * left / (periodEnd - periodStart), MidpointRounding.AwayFromZero);
    }
}
