using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Analytics;

/// <summary>Somebody signed up: where every funnel begins.</summary>
internal sealed class OnUserRegistered(AnalyticsLog analytics) : IHandle<UserRegistered>
{
    public async Task<Event[]> HandleAsync(UserRegistered message, CancellationToken cancellationToken)
    {
        await analytics.RecordAsync(message.UserId, Activity.SignedUp, message, properties: null, cancellationToken);
        return [];
    }
}
