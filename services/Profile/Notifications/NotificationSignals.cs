using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Data;

namespace Son1kVers3.Profile.Notifications;

/// <summary>Wakes the open streams of a member whose notifications changed.</summary>
internal sealed class NotificationSignals(DatabaseNotifications notifications) : Signals(notifications, Notifier.Channel);
